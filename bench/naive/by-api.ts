import { writeFile } from 'node:fs/promises'
import { connectEngine } from '../../worker/sandbox/docker/engine.ts'
import { NAIVE_LABEL, type Containers, type Run } from './containers.ts'

const [key, value] = NAIVE_LABEL.split('=') as [string, string]
const LABELS = { [key]: value }

/** The engine's API, called as its command line would call it: create, start, wait, remove. Quicker than that by the program's own starts. */
export function byApi(dockerHost: string | undefined): Containers {
  const { docker } = connectEngine({ dockerHost })
  const create = async (run: Run) => {
    const container = await docker.createContainer({
      name: run.name,
      Image: run.image,
      ...(run.command && { Cmd: [...run.command] }),
      Env: Object.entries(run.env ?? {}).map(([key, value]) => `${key}=${value}`),
      Labels: LABELS,
      HostConfig: {
        NetworkMode: run.network,
        Memory: Number.parseInt(run.memory, 10) * 2 ** 20,
        Binds: Object.entries(run.mounts ?? {}).map(([from, to]) => `${from}:${to}`),
      },
    })
    await writeFile(run.idFile, container.id)
    return container
  }
  return {
    words: "the engine's API (no docker command line is installed)",
    createNetwork: async name => void (await docker.createNetwork({ Name: name, Driver: 'bridge', Labels: LABELS })),
    start: async run => {
      const container = await create(run)
      await container.start()
    },
    runToEnd: async run => {
      const container = await create(run)
      const ended = container.wait({ condition: 'next-exit', abortSignal: AbortSignal.timeout(60_000) }) as Promise<{ StatusCode: number }>
      await container.start()
      return (await ended).StatusCode
    },
    remove: async names => {
      await Promise.all(names.map(name => docker.getContainer(name).remove({ force: true, v: true })))
    },
    removeNetwork: async name => void (await docker.getNetwork(name).remove()),
  }
}
