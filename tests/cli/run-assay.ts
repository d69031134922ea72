import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

export const ROOT = resolve(import.meta.dirname, '../..')

export type Run = { pid: number; code: number; out: string; err: string }

/** Runs the command line as people do, in a process of its own; `onError` sees each line of its stderr as it comes. */
export function assay(
  args: string[],
  { env = {}, onError }: { env?: Record<string, string>; onError?: (line: string, kill: () => void) => void } = {},
): Promise<Run> {
  const child = spawn(process.execPath, [join(ROOT, 'cli/main.ts'), ...args], {
    cwd: ROOT,
    env: { ...process.env, ASSAY_URL: '', ASSAY_TOKEN: '', ASSAY_EXERCISES: '', ...env },
  })
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  if (onError) createInterface({ input: child.stderr }).on('line', line => onError(line, () => child.kill('SIGINT')))
  return new Promise((done, failed) => {
    child.on('error', failed)
    child.on('close', (code, signal) => done({ pid: child.pid!, code: code ?? (signal === 'SIGINT' ? 130 : -1), out, err }))
  })
}
