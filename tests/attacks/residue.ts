import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type Docker from 'dockerode'
import type { Box, BoxSpec, Sandbox } from '../../worker/sandbox/sandbox.ts'

/** A sandbox that remembers the boxes it opened, so that what is left of them can be looked for. */
export function rememberingBoxes(sandbox: Sandbox): Sandbox & { opened: Set<string> } {
  const opened = new Set<string>()
  return {
    opened,
    facts: () => sandbox.facts(),
    reap: () => sandbox.reap(),
    async open(spec: BoxSpec, signal: AbortSignal): Promise<Box> {
      const box = await sandbox.open(spec, signal)
      opened.add(box.id)
      return box
    },
  }
}

export type Residue = { left(boxes: ReadonlySet<string>): Promise<string[]> }

/**
 * Looks for what boxes left behind: containers, networks and volumes of the engine, and, when the engine is on this
 * machine, their processes and their folders on its disk. Networks and volumes are counted from the call of this function.
 */
export async function watchResidue(docker: Docker): Promise<Residue> {
  const { DockerRootDir, Driver } = (await docker.info()) as { DockerRootDir: string; Driver: string }
  const before = new Set(await networksAndVolumes(docker))
  return {
    async left(boxes) {
      const containers = (await docker.listContainers({ all: true })).filter(({ Id }) => boxes.has(Id))
      const added = (await networksAndVolumes(docker)).filter(name => !before.has(name))
      const folders = [...boxes].flatMap(id => [
        join(DockerRootDir, 'containers', id),
        join(DockerRootDir, 'image', Driver, 'layerdb', 'mounts', id),
      ])
      return [
        ...containers.map(({ Names }) => `container ${Names[0]}`),
        ...added,
        ...folders.filter(folder => existsSync(folder)).map(folder => `on disk: ${folder}`),
        ...processesIn(boxes),
      ]
    },
  }
}

/** Those that bear somebody's name, as compose gives its own and a Redis in a container has, are no box's. */
async function networksAndVolumes(docker: Docker): Promise<string[]> {
  const isCompose = (labels: Record<string, string> | null | undefined) =>
    Object.keys(labels ?? {}).some(label => label.startsWith('com.docker.compose.'))
  const [networks, { Volumes }] = await Promise.all([docker.listNetworks(), docker.listVolumes()])
  return [
    ...networks.filter(({ Labels }) => !isCompose(Labels)).map(({ Name }) => `network ${Name}`),
    ...Volumes.filter(({ Labels, Name }) => !isCompose(Labels) && !Name.startsWith('assay-redis-')).map(({ Name }) => `volume ${Name}`),
  ]
}

/** Processes whose control group names one of the boxes. */
function processesIn(boxes: ReadonlySet<string>): string[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => {
      const ids = controlGroups(pid).match(/[0-9a-f]{64}/g) ?? []
      return ids.some(id => boxes.has(id)) ? [`process ${pid}`] : []
    })
}

function controlGroups(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cgroup`, 'utf8')
  } catch {
    // It has ended since.
    return ''
  }
}
