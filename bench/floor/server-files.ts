import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { connectEngine, engineFacts } from '../../worker/sandbox/docker/engine.ts'
import { imageRefs } from '../../worker/sandbox/docker/images.ts'

const CACHE = resolve(import.meta.dirname, '../../.cache/bench')
/** What a server needs to run outside of its image: itself, its libraries and C library, its data files, the empty cluster. */
const PARTS = ['/usr/lib/postgresql', '/usr/lib/collected', '/usr/share/postgresql', '/var/lib/assay']

/** Where PostgreSQL of our image stands on this machine: taken out of the image once, and kept. */
export type ServerFiles = { root: string; image: string }

export async function serverFiles(dockerHost: string | undefined): Promise<ServerFiles> {
  const engine = connectEngine({ dockerHost })
  const { architecture } = await engineFacts(engine)
  const image = (await imageRefs(architecture)).postgres
  const root = join(CACHE, image.replace(':', '-'))
  if (await exists(root)) return { root, image }
  await mkdir(CACHE, { recursive: true })
  // What an image before this one left is of no use any more.
  for (const old of await readdir(CACHE))
    if (old.startsWith('assay-postgres-')) await rm(join(CACHE, old), { recursive: true, force: true })
  const half = `${root}.${process.pid}`
  const container = await engine.docker.createContainer({ Image: image, NetworkDisabled: true })
  try {
    for (const part of [...PARTS, `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`]) {
      const place = join(half, dirname(part))
      await mkdir(place, { recursive: true })
      await unpack(await container.getArchive({ path: part }), place)
    }
    await rename(half, root)
  } finally {
    await container.remove({ force: true })
    await rm(half, { recursive: true, force: true })
  }
  return { root, image }
}

async function unpack(archive: NodeJS.ReadableStream, place: string): Promise<void> {
  const tar = spawn('tar', ['--extract', '--no-same-owner', '--directory', place], { stdio: ['pipe', 'ignore', 'inherit'] })
  const ended = once(tar, 'exit')
  await pipeline(archive, tar.stdin)
  const [code] = await ended
  if (code !== 0) throw new Error(`tar ended with code ${code} in ${place}`)
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
