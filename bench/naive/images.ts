import { join } from 'node:path'
import { buildImage } from '../../worker/sandbox/docker/build-image.ts'
import { connectEngine, engineFacts, type Engine } from '../../worker/sandbox/docker/engine.ts'
import { imageRefs } from '../../worker/sandbox/docker/images.ts'
import { NAIVE_LABEL } from './containers.ts'

/** The naive grader's images, by name: made from ours, so that Node, PostgreSQL and the disk beneath are the same. */
export type NaiveImages = AsyncDisposable & { node: string; postgres: string }

/** Gone when disposed, with every container and network that this process's naive design has left. */
export async function makeNaiveImages(dockerHost: string | undefined): Promise<NaiveImages> {
  await using things = new AsyncDisposableStack()
  const engine = connectEngine({ dockerHost })
  const refs = await imageRefs((await engineFacts(engine)).architecture)
  const make = async (name: 'node' | 'postgres') => {
    const ref = `assay-bench-${name}:${process.pid}`
    const files = new Map([['Dockerfile', join(import.meta.dirname, 'images', name, 'Dockerfile')]])
    await buildImage(engine, { ref, from: refs[name], files, log: () => {} })
    things.defer(async () => void (await engine.docker.getImage(ref).remove({ force: true })))
    return ref
  }
  const made = { node: await make('node'), postgres: await make('postgres') }
  things.defer(() => sweep(engine.docker))
  const kept = things.move()
  return { ...made, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}

/** A command that is broken off may have made something all the same. */
async function sweep(docker: Engine['docker']): Promise<void> {
  const filters = JSON.stringify({ label: [NAIVE_LABEL] })
  const containers = await docker.listContainers({ all: true, filters })
  await Promise.all(containers.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })))
  const networks = await docker.listNetworks({ filters })
  await Promise.all(networks.map(({ Id }) => docker.getNetwork(Id).remove()))
}
