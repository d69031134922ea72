import { chmodSync, existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { GraderError } from '../../../core/errors.ts'

/*
 * The engine's own configuration file, daemon.json. It is the host's: we add or take away one runtime, keep everything
 * else as it stands, and leave alone a file that we can't read as what we expect.
 */
export const DAEMON_CONFIG = '/etc/docker/daemon.json'

export type RuntimeEntry = { path: string; runtimeArgs: string[] }

const configSchema = z.looseObject({ runtimes: z.record(z.string(), z.unknown()).optional() })

/** The text of daemon.json with one more runtime; `text` is what stands there, undefined where there is no file. */
export function withRuntime(text: string | undefined, name: string, entry: RuntimeEntry): string {
  const config = parse(text)
  return inJson({ ...config, runtimes: { ...config.runtimes, [name]: entry } })
}

/**
 * The text without that runtime, and `reloaded`, what the engine must read once to forget it: it keeps the runtimes it
 * knows when the file names none at all.
 */
export function withoutRuntime(text: string | undefined, name: string): { reloaded: string; kept: string } {
  const { runtimes, ...others } = parse(text)
  const { [name]: _, ...rest } = runtimes ?? {}
  return {
    reloaded: inJson({ ...others, runtimes: rest }),
    kept: inJson(Object.keys(rest).length > 0 ? { ...others, runtimes: rest } : others),
  }
}

/** What the file says of a runtime, if it names it. */
export function runtimeIn(text: string | undefined, name: string): unknown {
  return parse(text).runtimes?.[name]
}

export function readDaemonConfig(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

/** Replaces the file in one step, so that an engine that starts just now reads the old or the new one; undefined removes it. */
export function writeDaemonConfig(path: string, text: string | undefined): void {
  if (text === undefined) return rmSync(path, { force: true })
  mkdirSync(dirname(path), { recursive: true })
  // A link stays one: the file that it points to is replaced.
  const target = existsSync(path) ? realpathSync(path) : path
  const scratch = `${target}.assay-${process.pid}`
  writeFileSync(scratch, text, { mode: 0o644 })
  if (existsSync(target)) chmodSync(scratch, statSync(target).mode & 0o777)
  renameSync(scratch, target)
}

function parse(text: string | undefined): z.infer<typeof configSchema> {
  if (text === undefined || text.trim() === '') return {}
  try {
    return configSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new GraderError(
      'DAEMON_CONFIG',
      'the engine\'s daemon.json is not what we expect (a JSON object whose "runtimes" is an object); it was left as it is: mend it first',
      { cause },
    )
  }
}

const inJson = (config: object) => `${JSON.stringify(config, null, 2)}\n`
