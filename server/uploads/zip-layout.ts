import type { Entry, LocalFileHeader } from 'yauzl'
import { refuse } from './refuse.ts'

/*
 * A zip says everything twice, before each content and in the directory at its end, and where which is. Programs differ in
 * which they believe, so that one archive can be two. Here both must say the same, and entries, directory and end must
 * stand one behind the other with nothing before, between, over or behind them.
 */
export type Placed = { entry: Entry; local: LocalFileHeader; dataStart: number }

const ENCRYPTED = 0x2041
const STREAMED = 0x08
/** Flags that change how an entry is read: encrypted, sizes behind the content, patched, names in UTF-8. */
const MEANING = ENCRYPTED | STREAMED | 0x20 | 0x800
const END_BYTES = 22
const DIRECTORY_ENTRY_BYTES = 46
const ZIP64_LOCATOR = 0x07064b50
const DESCRIPTOR = 0x08074b50

/** Throws a Problem for an archive that could be read in two ways, or in a way that isn't ours. */
export function holdLayout(archive: Buffer, placed: readonly Placed[]): void {
  const end = archive.length - END_BYTES - commentBytes(archive)
  if (end >= 20 && archive.readUInt32LE(end - 20) === ZIP64_LOCATOR) refuseZip64()
  for (const each of placed) holdEntry(each)

  let expected = 0
  for (const each of placed.toSorted((one, other) => one.entry.relativeOffsetOfLocalHeader - other.entry.relativeOffsetOfLocalHeader)) {
    const begin = each.entry.relativeOffsetOfLocalHeader
    if (begin < expected) refuse('is a zip whose entries overlap')
    if (begin > expected) refuse('is a zip with bytes that belong to no entry')
    expected = endOf(each, archive)
  }
  const directory = archive.readUInt32LE(end + 16)
  const bytes = placed.reduce((sum, { entry }) => sum + DIRECTORY_ENTRY_BYTES + variableBytes(entry), 0)
  if (directory !== expected || directory + bytes !== end) refuse('is a zip with bytes that belong to no entry')
  const counts = [archive.readUInt16LE(end + 8), archive.readUInt16LE(end + 10)]
  if (archive.readUInt32LE(end + 12) !== bytes || counts.some(count => count !== placed.length))
    refuse('is a zip whose directory is not as long as it says')
}

/** The end's last field; that it fits was held when the end was found. */
function commentBytes(archive: Buffer): number {
  for (let length = 0; length <= 0xffff; length++) {
    const end = archive.length - END_BYTES - length
    if (end < 0) break
    if (archive.readUInt32LE(end) === 0x06054b50) return length
  }
  return refuse('is a zip without an end')
}

function holdEntry({ entry, local }: Placed): void {
  const path = entry.fileNameRaw.toString('utf8')
  if (entry.generalPurposeBitFlag & ENCRYPTED || entry.compressionMethod === 99) refuse('is encrypted', path)
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8)
    refuse(`is packed by method ${entry.compressionMethod}; only deflate and storing are taken`, path)
  if (entry.compressionMethod === 0 && entry.compressedSize !== entry.uncompressedSize) refuse('is stored, but says two sizes', path)
  const fields = entry.extraFields
  if (fields.some(({ id }) => id === 0x0001)) refuseZip64()
  const renamed = fields.some(({ id, data }) => id === 0x7075 && !data.subarray(5).equals(entry.fileNameRaw))
  if (renamed || !local.fileName.equals(entry.fileNameRaw)) refuse('has two names', path)
  if (fields.some(({ id, data }) => id === 0x000d && data.length > 12)) refuse('is a link; only files and folders are taken', path)
  if ((local.generalPurposeBitFlag ^ entry.generalPurposeBitFlag) & MEANING || local.compressionMethod !== entry.compressionMethod)
    refuse('is described in two ways', path)
  const said = [local.crc32, local.compressedSize, local.uncompressedSize]
  const later = (entry.generalPurposeBitFlag & STREAMED) !== 0 && said.every(value => value === 0)
  if (!later && !said.every((value, at) => value === [entry.crc32, entry.compressedSize, entry.uncompressedSize][at]))
    refuse('says two sizes or two checksums', path)
  if (entry.fileNameRaw.at(-1) === 0x2f && entry.uncompressedSize > 0) refuse('is a folder with a content', path)
}

/** Where the next entry begins. When the sizes weren't known before, they stand behind the content. */
function endOf({ entry, dataStart }: Placed, archive: Buffer): number {
  const end = dataStart + entry.compressedSize
  if (!(entry.generalPurposeBitFlag & STREAMED)) return end
  const path = entry.fileNameRaw.toString('utf8')
  const signed = end + 4 <= archive.length && archive.readUInt32LE(end) === DESCRIPTOR
  const from = signed ? end + 4 : end
  if (from + 12 > archive.length) refuse('is not whole', path)
  const said = [archive.readUInt32LE(from), archive.readUInt32LE(from + 4), archive.readUInt32LE(from + 8)]
  if (said.some((value, at) => value !== [entry.crc32, entry.compressedSize, entry.uncompressedSize][at]))
    refuse('says two sizes or two checksums', path)
  return from + 12
}

function variableBytes(entry: Entry): number {
  return entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength
}

function refuseZip64(): never {
  refuse('is a zip64, which only archives of gigabytes need')
}
