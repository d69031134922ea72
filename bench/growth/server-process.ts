import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { spawnTied } from '../../cli/setup/tied-child.ts'
import { ROOT } from '../../worker/sandbox/docker/image-recipes.ts'
import { treeSeconds } from '../measure/processor-time.ts'

export const WORKER_TOKEN = 'the-worker-token-of-this-bench'

export type ServerProcess = AsyncDisposable & {
  url: string
  pid: number
  /** From the start of the process to its listening. */
  listeningMs: number
  /** Processor time so far. */
  seconds(): number
  /** Resolves with the first entry of the log that says this, also one of before. */
  said(words: string): Promise<Record<string, unknown>>
}

export type ServerOptions = { store: string; data: string; exercises: string; redisUrl: string; retentionDays: number; signal: AbortSignal }

/** The real server, in a process of its own, on a store that is there already. */
export async function startServer({ store, data, exercises, redisUrl, retentionDays, signal }: ServerOptions): Promise<ServerProcess> {
  const began = performance.now()
  const env = {
    PATH: process.env['PATH'] ?? '',
    PORT: '0',
    ASSAY_DATA: data,
    ASSAY_STORE_URL: `sqlite:${store}`,
    ASSAY_EXERCISES: exercises,
    ASSAY_WORKER_TOKEN: WORKER_TOKEN,
    ASSAY_RETENTION_DAYS: String(retentionDays),
    ASSAY_MAX_WAITING: '1000000',
    REDIS_URL: redisUrl,
  }
  const child = spawnTied(process.execPath, [join(ROOT, 'server/main.ts')], { env, output: 'pipe' })
  const entries: Record<string, unknown>[] = []
  const plain: string[] = []
  const listeners = new Set<() => void>()
  const tell = () => {
    for (const listener of listeners) listener()
  }
  let ended = false
  for (const stream of [child.process.stdout!, child.process.stderr!])
    createInterface({ input: stream }).on('line', line => {
      const entry = entryOf(line)
      if (entry) entries.push(entry)
      else plain.push(line)
      tell()
    })
  const end = () => {
    ended = true
    tell()
  }
  void child.ended.then(end)
  const said = (words: string) => {
    const { promise, resolve, reject } = Promise.withResolvers<Record<string, unknown>>()
    const look = () => {
      const entry = entries.find(({ msg }) => String(msg).includes(words))
      if (entry) resolve(entry)
      else if (ended) reject(new Error(`the server ended without "${words}": ${[...plain, JSON.stringify(entries.at(-1))].join('\n')}`))
      else if (signal.aborted) reject(signal.reason as Error)
    }
    listeners.add(look)
    signal.addEventListener('abort', look)
    look()
    return promise.finally(() => listeners.delete(look))
  }
  const { msg } = await said('listening at http').catch(async (error: unknown) => {
    await child.stop()
    throw error
  })
  // Between us and it stands the shell that ends it with us.
  const shell = child.process.pid!
  const pid = Number(readFileSync(`/proc/${shell}/task/${shell}/children`, 'utf8').split(' ')[0])
  return {
    url: /http:\S+/.exec(String(msg))![0],
    pid,
    listeningMs: performance.now() - began,
    seconds: () => treeSeconds(pid),
    said,
    [Symbol.asyncDispose]: child.stop,
  }
}

function entryOf(line: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(line) as Record<string, unknown>
  } catch {
    return undefined
  }
}
