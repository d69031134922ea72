import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { extract } from 'tar-stream'
import { GraderError } from '../../../core/errors.ts'
import { hashOf } from './build-context.ts'
import { buildImage } from './build-image.ts'
import { removeContainer } from './box-container.ts'
import { connectEngine, engineFacts, type Engine } from './engine.ts'
import { ROOT } from './image-recipes.ts'
import { imageRefs } from './images.ts'

/** Inside the image, which holds nothing else. */
const PLACE = '/runsc'

/**
 * Writes the `runsc` of Debian 13 to the file `to`: fetched by apt inside an image on our own base, taken out of it. The
 * image is removed again; the base must be there. Throws GraderError('IMAGE_BUILD') when the package can't be fetched.
 */
export async function fetchGVisor({ dockerHost, to, log }: { dockerHost: string; to: string; log: (line: string) => void }): Promise<void> {
  const engine = connectEngine({ dockerHost })
  const { architecture } = await engineFacts(engine)
  const files = new Map([['Dockerfile', join(ROOT, 'sandbox-images/gvisor/Dockerfile')]])
  const { base } = await imageRefs(architecture)
  const ref = `assay-gvisor:${(await hashOf(files, [base])).slice(0, 16)}`
  await buildImage(engine, { ref, from: base, files, network: true, log: line => log(`gVisor: ${line}`) })
  try {
    await copyOut(engine, ref, to)
  } finally {
    await engine.ask(`remove ${ref}`, docker => docker.getImage(ref).remove()).catch(() => {})
  }
}

/** A container that is never started lends its files. */
async function copyOut(engine: Engine, ref: string, to: string): Promise<void> {
  const { id } = await engine.ask('make a container to copy from', docker => docker.createContainer({ Image: ref, Cmd: [PLACE] }))
  try {
    const copy = async () => {
      const archive = (await engine.docker.getContainer(id).getArchive({ path: PLACE })) as Readable
      const entries = extract()
      const written = writeFirst(entries, to)
      await Promise.all([pipeline(archive, entries), written])
    }
    await engine.ask('copy a file out of an image', copy, 60_000)
  } finally {
    await removeContainer(engine, id)
  }
}

async function writeFirst(entries: ReturnType<typeof extract>, to: string): Promise<void> {
  for await (const entry of entries) {
    if (entry.header.type !== 'file') throw new GraderError('IMAGE_BUILD', `expected ${PLACE} to be a file, got a ${entry.header.type}`)
    await pipeline(entry, createWriteStream(to, { mode: 0o755 }))
  }
}
