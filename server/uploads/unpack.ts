import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { FileMap } from '../../core/submission.ts'
import { CAPS } from './caps.ts'
import { collectEntries, type Entries } from './entries.ts'
import { refuse } from './refuse.ts'
import { readTar } from './tar.ts'
import { readZip } from './zip.ts'

const GZIP = Buffer.from([0x1f, 0x8b])
/** A first file, or an empty archive's end. */
const ZIP = [Buffer.from('PK\x03\x04', 'latin1'), Buffer.from('PK\x05\x06', 'latin1')]
const TAR = Buffer.from('ustar')
const TAR_AT = 257

/**
 * The text files of a zip, tar or tar.gz, told by its first bytes and never by its name. Throws a Problem that names what
 * isn't taken: links and devices, names that no submission may have, lies about sizes, bombs, anything that two programs
 * could read as two things.
 */
export async function unpack(archive: Buffer): Promise<FileMap> {
  const entries = collectEntries(archive.length)
  if (ZIP.some(start => startsWith(archive, start))) await readZip(archive, entries)
  else if (startsWith(archive, GZIP)) readTar(await unzipTar(archive, entries), entries)
  else if (isTar(archive)) readTar(archive, entries)
  else refuse('expected a zip, tar or tar.gz; its first bytes are those of none of them')
  return entries.files()
}

function startsWith(bytes: Buffer, start: Buffer): boolean {
  return bytes.subarray(0, start.length).equals(start)
}

function isTar(bytes: Buffer): boolean {
  return bytes.subarray(TAR_AT, TAR_AT + TAR.length).equals(TAR)
}

const gunzipped = promisify(gunzip) as unknown as (
  bytes: Buffer,
  options: { maxOutputLength: number; info: true },
) => Promise<{ buffer: Buffer; engine: { bytesWritten: number } }>

/** The bytes are counted as they come out; above the cap nothing more is unpacked. */
async function unzipTar(archive: Buffer, entries: Entries): Promise<Buffer> {
  try {
    const { buffer, engine } = await gunzipped(archive, { maxOutputLength: entries.room() + CAPS.tarOverheadBytes, info: true })
    if (engine.bytesWritten !== archive.length) refuse('holds bytes behind its end')
    if (!isTar(buffer)) refuse('is gzip, but what it holds is no tar')
    return buffer
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ERR_BUFFER_TOO_LARGE') refuse(entries.full())
    if (code?.startsWith('Z_')) refuse('is gzip that is broken or not whole')
    throw error
  }
}
