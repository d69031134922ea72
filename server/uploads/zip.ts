import { promisify } from 'node:util'
import { crc32, inflateRaw } from 'node:zlib'
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl'
import { CAPS } from './caps.ts'
import type { Entries } from './entries.ts'
import { refuse } from './refuse.ts'
import { holdLayout, type Placed } from './zip-layout.ts'

/** Enters what the zip holds: first every header is held against the others, then the contents are unpacked. */
export async function readZip(archive: Buffer, entries: Entries): Promise<void> {
  const placed = await readDirectory(archive)
  holdLayout(archive, placed)
  for (const { entry, dataStart } of placed) {
    const path = entries.enter(entry.fileNameRaw, kindOf(entry))
    if (path !== undefined)
      entries.add(path, await contentOf(archive.subarray(dataStart, dataStart + entry.compressedSize), entry, path, entries))
  }
}

/** Every entry of the central directory with the header that stands before its content. */
async function readDirectory(archive: Buffer): Promise<Placed[]> {
  const placed: Placed[] = []
  try {
    const zip: ZipFile = await fromBufferPromise(archive, { decodeStrings: false, validateEntrySizes: false })
    for await (const entry of zip.eachEntry()) {
      if (placed.length === CAPS.entries) return refuse(`holds more than ${CAPS.entries} entries`)
      const local = await zip.readLocalFileHeaderPromise(entry)
      placed.push({ entry, local, dataStart: local.fileDataStart })
    }
  } catch (error) {
    if (error instanceof Error && error.constructor === Error) refuse(`is a zip that can not be read: ${error.message}`)
    throw error
  }
  return placed
}

const TYPE_MASK = 0o170000
const REGULAR = 0o100000
const FOLDER = 0o040000
const OTHERS: Record<number, string> = {
  [0o120000]: 'a symbolic link',
  [0o010000]: 'a FIFO',
  [0o020000]: 'a character device',
  [0o060000]: 'a block device',
  [0o140000]: 'a socket',
}

/** By the Unix mode, whatever system the archive says it comes from; without one, by the name. */
function kindOf(entry: Entry): string {
  const type = (entry.externalFileAttributes >>> 16) & TYPE_MASK
  const namesFolder = entry.fileNameRaw.at(-1) === 0x2f
  if (type !== 0 && type !== REGULAR && type !== FOLDER) return OTHERS[type] ?? 'something else than a file'
  if (type === FOLDER || namesFolder) return 'folder'
  return 'file'
}

const inflated = promisify(inflateRaw) as unknown as (
  bytes: Buffer,
  options: { maxOutputLength: number; info: true },
) => Promise<{ buffer: Buffer; engine: { bytesWritten: number } }>

/** The bytes are counted as they come out, never believed. */
async function contentOf(packed: Buffer, entry: Entry, path: string, entries: Entries): Promise<Buffer> {
  const room = entries.room()
  if (entry.uncompressedSize > room) refuse(entries.full())
  const content = entry.compressionMethod === 0 ? packed : await inflate(packed, entry.uncompressedSize, path)
  if (content.length !== entry.uncompressedSize)
    refuse(`holds ${content.length} bytes, not the ${entry.uncompressedSize} that it says`, path)
  if (crc32(content) !== entry.crc32) refuse('is damaged: its checksum does not fit', path)
  return content
}

async function inflate(packed: Buffer, expected: number, path: string): Promise<Buffer> {
  try {
    const { buffer, engine } = await inflated(packed, { maxOutputLength: expected + 1, info: true })
    if (engine.bytesWritten !== packed.length) refuse('holds bytes behind its end', path)
    return buffer
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ERR_BUFFER_TOO_LARGE') refuse(`unpacks to more than the ${expected} bytes that it says`, path)
    if (code?.startsWith('Z_')) refuse('is damaged: it can not be unpacked', path)
    throw error
  }
}
