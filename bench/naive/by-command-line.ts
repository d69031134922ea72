import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { NAIVE_LABEL, type Containers, type Run } from './containers.ts'

const TAKES_AT_MOST_MS = 60_000

/** By `docker`, as scripts of graders call it; undefined where it isn't installed or doesn't reach the engine. */
export async function byCommandLine(dockerHost: string | undefined): Promise<Containers | undefined> {
  const docker = async (...args: string[]): Promise<string> => {
    const env = { ...process.env, ...(dockerHost && { DOCKER_HOST: dockerHost }) }
    const { stdout } = await promisify(execFile)('docker', args, { env, timeout: TAKES_AT_MOST_MS })
    return stdout.trim()
  }
  const version = await docker('version', '--format', '{{.Client.Version}}').catch(() => undefined)
  if (version === undefined) return undefined
  return {
    words: `docker ${version} (command line)`,
    createNetwork: async name => void (await docker('network', 'create', '--label', NAIVE_LABEL, name)),
    start: async run => void (await docker('run', '--detach', ...flags(run))),
    runToEnd: async run => {
      try {
        await docker('run', ...flags(run))
        return 0
      } catch (error) {
        const { code } = error as { code?: unknown }
        if (typeof code === 'number' && code < 125) return code
        throw error
      }
    },
    remove: async names => void (await docker('rm', '--force', '--volumes', ...names)),
    removeNetwork: async name => void (await docker('network', 'rm', name)),
  }
}

function flags({ name, image, network, command = [], memory, idFile, env = {}, mounts = {} }: Run): string[] {
  return [
    '--name',
    name,
    '--network',
    network,
    '--memory',
    memory,
    '--label',
    NAIVE_LABEL,
    '--cidfile',
    idFile,
    ...Object.entries(env).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
    ...Object.entries(mounts).flatMap(([from, to]) => ['--volume', `${from}:${to}`]),
    image,
    ...command,
  ]
}
