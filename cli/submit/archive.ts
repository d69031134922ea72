import { open, readFile } from 'node:fs/promises'

/** Where the first bytes of a kind of archive stand, and what they are. */
const KINDS = [
  { at: 0, bytes: Buffer.from('PK\x03\x04', 'latin1') },
  { at: 0, bytes: Buffer.from([0x1f, 0x8b]) },
  { at: 257, bytes: Buffer.from('ustar') },
]
const LOOKED_AT = 512

/** The zip, tar or tar.gz that stands there; undefined for a folder, a file of another kind, and nothing. */
export async function readArchive(path: string): Promise<Buffer<ArrayBuffer> | undefined> {
  const head = await firstBytes(path)
  if (!KINDS.some(({ at, bytes }) => head?.subarray(at, at + bytes.length).equals(bytes))) return undefined
  return readFile(path)
}

async function firstBytes(path: string): Promise<Buffer | undefined> {
  try {
    await using file = await open(path)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LOOKED_AT), 0, LOOKED_AT, 0)
    return buffer.subarray(0, bytesRead)
  } catch {
    // A folder, or nothing: what is said of it is the next reader's to say.
    return undefined
  }
}
