import { Agent } from 'node:http'
import { inspect } from 'node:util'
import Docker from 'dockerode'
import { GraderError } from '../../../core/errors.ts'
import type { EngineFacts } from '../sandbox.ts'

/*
 * The one way to the Docker engine. Every call has a deadline, because an engine that hangs must never hang a grading,
 * and every failure comes out as a GraderError whose code says whose turn it is:
 *   ENGINE_AWAY       no answer: the worker stops taking jobs until it is back
 *   ENGINE_FORBIDDEN  an engine is there, and this user may not use it
 *   IMAGE_MISSING     an image is not built
 *   ENGINE_REFUSED    anything else that the engine answered with an error
 */
export type Engine = {
  readonly docker: Docker
  /** Where it listens, as people write it. */
  readonly address: string
  /** Makes one call within `timeoutMs`. `what` completes "The Docker engine could not …". */
  ask<T>(what: string, call: (docker: Docker, signal: AbortSignal) => Promise<T>, timeoutMs?: number): Promise<T>
}

export const DEFAULT_ENGINE = 'unix:///var/run/docker.sock'
const CALL_TIMEOUT = 20_000

/** Names the engine that `dockerHost` (as DOCKER_HOST is written) stands for; nothing is sent yet. */
export function connectEngine({ dockerHost }: { dockerHost?: string | undefined } = {}): Engine {
  const address = dockerHost || DEFAULT_ENGINE
  const docker = new Docker({ ...engineAddress(address), agent: agent() } as Docker.DockerOptions)
  return {
    docker,
    address,
    async ask(what, call, timeoutMs = CALL_TIMEOUT) {
      const signal = AbortSignal.timeout(timeoutMs)
      const { promise: late, reject } = Promise.withResolvers<never>()
      const giveUp = () => reject(new Error(`no answer within ${timeoutMs} ms`, { cause: 'timeout' }))
      signal.addEventListener('abort', giveUp)
      try {
        return await Promise.race([call(docker, signal), late])
      } catch (error) {
        throw explain(error, what, address, signal.aborted)
      } finally {
        signal.removeEventListener('abort', giveUp)
      }
    },
  }
}

/** One connection per call: a kept one would make the first call after the engine's restart fail. */
function agent(): Agent {
  // dockerode writes each call's options out as text, for a log that is off: with an agent in them that is every open connection,
  // every box behind one, and half of all that a worker did.
  return Object.assign(new Agent({ keepAlive: false }), { [inspect.custom]: () => 'Agent' })
}

/** What the engine is. Throws GraderError('ENGINE_AWAY') when it doesn't answer. */
export async function engineFacts(engine: Engine): Promise<EngineFacts> {
  const [version, info] = await Promise.all([
    engine.ask('tell its version', docker => docker.version(), 5000),
    engine.ask('tell about itself', docker => docker.info(), 5000),
  ])
  return {
    version: version.Version,
    apiVersion: version.ApiVersion,
    runtimes: Object.keys((info.Runtimes as Record<string, unknown> | undefined) ?? {}),
    architecture: version.Arch,
    cgroupVersion: (info as { CgroupVersion?: string }).CgroupVersion ?? '1',
    storageDriver: String(info.Driver),
    warnings: (info.Warnings as string[] | null) ?? [],
  }
}

export type Runtimes = Record<string, { path?: string; runtimeArgs?: string[] }>

/** The runtimes that the engine names, each with its program and arguments. */
export async function runtimesOf(engine: Engine): Promise<Runtimes> {
  const info = await engine.ask('tell about itself', docker => docker.info(), 5000)
  return (info as { Runtimes?: Runtimes }).Runtimes ?? {}
}

function engineAddress(address: string): Docker.DockerOptions {
  if (address.startsWith('unix://')) return { socketPath: address.slice('unix://'.length), host: undefined }
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url && ['tcp:', 'http:', 'https:'].includes(url.protocol)) {
    return { protocol: url.protocol === 'https:' ? 'https' : 'http', host: url.hostname, port: Number(url.port || 2375) }
  }
  throw new GraderError(
    'ENGINE_AWAY',
    `DOCKER_HOST: expected an address such as "${DEFAULT_ENGINE}" or "tcp://host:2375", got "${address}"`,
  )
}

function explain(error: unknown, what: string, address: string, timedOut: boolean): GraderError {
  if (error instanceof GraderError) return error
  const { code, statusCode, message } = error as { code?: string; statusCode?: number; message: string }
  if (code === 'EACCES') {
    const words = `This user may not use the Docker engine at ${address}; add it to the group "docker" or run as root`
    return new GraderError('ENGINE_FORBIDDEN', words, { cause: error })
  }
  if (statusCode === 404 && /no such image/i.test(message)) {
    return new GraderError('IMAGE_MISSING', `The Docker engine could not ${what}: ${message.trim()}; run "npm run images"`, {
      cause: error,
    })
  }
  if (statusCode !== undefined) {
    return new GraderError('ENGINE_REFUSED', `The Docker engine could not ${what}: ${message.trim()}`, { cause: error })
  }
  const why = timedOut ? message : (code ?? message)
  const words = `The Docker engine at ${address} does not answer (${why}); it could not ${what}. Start it: "npx assay engine start"`
  return new GraderError('ENGINE_AWAY', words, { cause: error })
}

/** The engine's status for a refused call, where it answered with one. */
export function refusedWith(error: unknown): number | undefined {
  const cause = error instanceof GraderError ? (error.cause as { statusCode?: unknown } | undefined) : undefined
  return typeof cause?.statusCode === 'number' ? cause.statusCode : undefined
}
