import { join } from 'node:path'
import { buildImage } from '../../worker/sandbox/docker/build-image.ts'
import { connectEngine, engineFacts } from '../../worker/sandbox/docker/engine.ts'
import { imageRefs } from '../../worker/sandbox/docker/images.ts'

/** Names of the naive grader's images: made from ours, so that Node, PostgreSQL and the disk beneath are the same. */
export type NaiveImages = AsyncDisposable & { node: string; postgres: string }

export async function makeNaiveImages(dockerHost: string | undefined): Promise<NaiveImages> {
  const engine = connectEngine({ dockerHost })
  const refs = await imageRefs((await engineFacts(engine)).architecture)
  const made: string[] = []
  const make = async (name: 'node' | 'postgres') => {
    const ref = `assay-bench-${name}:${process.pid}`
    const files = new Map([['Dockerfile', join(import.meta.dirname, 'images', name, 'Dockerfile')]])
    await buildImage(engine, { ref, from: refs[name], files, log: () => {} })
    made.push(ref)
    return ref
  }
  return {
    node: await make('node'),
    postgres: await make('postgres'),
    [Symbol.asyncDispose]: async () => {
      for (const ref of made)
        await engine.docker
          .getImage(ref)
          .remove({ force: true })
          .catch(() => {})
    },
  }
}
