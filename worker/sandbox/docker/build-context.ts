import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { pack, type Pack } from 'tar-stream'

/** Hash of files by their places and contents, and of anything else that an image depends on. */
export async function hashOf(files: ReadonlyMap<string, string>, also: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const part of also) hash.update(`${part}\0`)
  for (const [place, file] of sorted(files)) {
    const content = await readFile(file)
    hash.update(`${place}\0${(await mode(file)).toString(8)}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}

/**
 * A build context as a tar stream, the same bytes for the same files: sorted, without times and owners,
 * so that the engine's layer cache holds across machines and clones.
 */
export function buildContext(files: ReadonlyMap<string, string>): Readable {
  const tar = pack()
  fill(tar, files).then(
    () => tar.finalize(),
    error => tar.destroy(error as Error),
  )
  return tar as unknown as Readable
}

async function fill(tar: Pack, files: ReadonlyMap<string, string>): Promise<void> {
  for (const [name, file] of sorted(files)) {
    const { size } = await stat(file)
    const entry = tar.entry({ name, size, mode: await mode(file), mtime: new Date(0) })
    await pipeline(createReadStream(file), entry)
  }
}

/** Only the executable bit matters; the rest of a file's mode depends on who cloned the repository. */
async function mode(file: string): Promise<number> {
  return (await stat(file)).mode & 0o100 ? 0o755 : 0o644
}

const sorted = (files: ReadonlyMap<string, string>) => [...files].sort(([one], [other]) => (one < other ? -1 : 1))
