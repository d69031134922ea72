import { GraderError } from '../../../core/errors.ts'
import { connectEngine, DEFAULT_ENGINE, engineFacts } from '../../../worker/sandbox/docker/engine.ts'
import type { SetupConfig } from '../config.ts'

/** Where the engine answers (as DOCKER_HOST says it), its version, and how it came to be there, in words. */
export type FoundEngine = { host: string; version: string; why: string }

export type EngineSettings = Pick<SetupConfig, 'dockerHost' | 'runtimeDir'>

/** An engine that answers now: the one that DOCKER_HOST names and no other, else the host's, else this user's own. */
export async function findEngine({ dockerHost, runtimeDir }: EngineSettings): Promise<FoundEngine | undefined> {
  if (dockerHost) {
    const version = await askVersion(dockerHost)
    return version === undefined ? undefined : { host: dockerHost, version, why: 'at DOCKER_HOST' }
  }
  const hosts = [DEFAULT_ENGINE, ...(runtimeDir ? [`unix://${runtimeDir}/docker.sock`] : [])]
  for (const host of hosts) {
    const version = await askVersion(host)
    if (version !== undefined) return { host, version, why: `answers at ${host.slice('unix://'.length)}` }
  }
  return undefined
}

/** The version of the engine there, or undefined when none answers. Throws when one does that we may not use. */
export async function askVersion(host: string): Promise<string | undefined> {
  try {
    return (await engineFacts(connectEngine({ dockerHost: host }))).version
  } catch (error) {
    if (error instanceof GraderError && error.code === 'ENGINE_AWAY') return undefined
    throw error
  }
}
