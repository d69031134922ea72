import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type Docker from 'dockerode'
import { connectEngine, engineFacts } from '../../worker/sandbox/docker/engine.ts'
import { imageRefs } from '../../worker/sandbox/docker/images.ts'
import { ROOT } from '../../worker/sandbox/docker/image-recipes.ts'

const FOLDER = join(ROOT, '.cache/scale-out')

/**
 * All sandbox images of the engine at `dockerHost` in one file, as `docker save` writes it, for engines that have none.
 * Kept between runs, and only the last one: the names say what is in it.
 */
export async function imageArchive(dockerHost: string): Promise<string> {
  const engine = connectEngine({ dockerHost })
  const refs = Object.values(await imageRefs((await engineFacts(engine)).architecture))
  const archive = join(FOLDER, `${createHash('sha256').update(refs.join(' ')).digest('hex').slice(0, 16)}.tar`)
  if (existsSync(archive)) return archive
  await mkdir(FOLDER, { recursive: true })
  for (const name of await readdir(FOLDER)) await rm(join(FOLDER, name), { force: true })
  const scratch = `${archive}.part`
  await pipeline(await save(engine.docker, refs), createWriteStream(scratch))
  await rename(scratch, archive)
  return archive
}

/** The client has a call for one image; one answer with several holds the layers that they share once. */
function save(docker: Docker, names: readonly string[]): Promise<NodeJS.ReadableStream> {
  const { promise, resolve, reject } = Promise.withResolvers<NodeJS.ReadableStream>()
  const modem = docker.modem as { dial(options: object, done: (error: Error | null, stream: NodeJS.ReadableStream) => void): void }
  modem.dial({ path: '/images/get?', options: { names }, method: 'GET', isStream: true, statusCodes: { 200: true } }, (error, stream) =>
    error ? reject(error) : resolve(stream),
  )
  return promise
}
