import type { Control } from '../control.ts'

const LAYOUT = 'server/uploads/zip-layout.ts'
const ZIP = 'server/uploads/zip.ts'
const TAR = 'server/uploads/tar.ts'
const ENTRIES = 'server/uploads/entries.ts'
const CAPS = 'server/uploads/caps.ts'
const FILES = 'core/files.ts'

function refusal(name: string, file: string, from: string, to: string): Control {
  const shownBy = [{ test: 'tests/server/uploads/refused.test.ts' }, { test: 'tests/core/files.test.ts' }]
  return { name, group: 'Uploads', takeAway: [{ file, from, to }], shownBy }
}

/** Every reason for which an archive, or a name in it, is refused. */
export const UPLOAD_CONTROLS: readonly Control[] = [
  refusal('number of entries', CAPS, 'entries: 2 * LIMITS.files.ceiling', 'entries: 1e9'),
  refusal('size of a file', CAPS, 'fileBytes: LIMITS.fileBytes.ceiling', 'fileBytes: 2 ** 40'),
  refusal('all that is unpacked', CAPS, 'contentBytes: LIMITS.allFilesBytes.ceiling', 'contentBytes: 2 ** 40'),
  refusal('ratio', CAPS, 'ratio: 100', 'ratio: 1e9'),
  refusal('extended headers of a tar', CAPS, 'tarHeaderBytes: 64 * 1024', 'tarHeaderBytes: 2 ** 40'),
  refusal('zip64', LAYOUT, "refuse('is a zip64, which only archives of gigabytes need')", 'throw new TypeError()'),
  refusal('entries that overlap', LAYOUT, "if (begin < expected) refuse('is a zip whose entries overlap')", ''),
  refusal('bytes of no entry', LAYOUT, "if (begin > expected) refuse('is a zip with bytes that belong to no entry')", ''),
  refusal(
    'a directory that lies',
    LAYOUT,
    'if (archive.readUInt32LE(end + 12) !== bytes || counts.some(count => count !== placed.length))',
    'if (bytes < 0)',
  ),
  refusal(
    'encrypted entries',
    LAYOUT,
    'if (entry.generalPurposeBitFlag & ENCRYPTED || entry.compressionMethod === 99)',
    'if (entry.compressionMethod < 0)',
  ),
  refusal(
    'unknown methods',
    LAYOUT,
    'if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8)',
    'if (entry.compressionMethod < 0)',
  ),
  refusal(
    'two names of an entry',
    LAYOUT,
    'if (renamed || !local.fileName.equals(entry.fileNameRaw))',
    'if (entry.fileNameRaw.length < 0)',
  ),
  refusal(
    'two descriptions of an entry',
    LAYOUT,
    '^ entry.generalPurposeBitFlag) & MEANING || local.compressionMethod !== entry.compressionMethod',
    '^ entry.generalPurposeBitFlag) & 0',
  ),
  refusal('checksums', ZIP, 'if (crc32(content) !== entry.crc32)', 'if (content.length < 0)'),
  refusal('broken headers of a tar', TAR, 'if (number(header, 148, 8) !== checksum(header))', 'if (header.length < 0)'),
  refusal('bytes behind the end of a tar', TAR, 'if (!isZero(tar.subarray(at)))', 'if (at < 0)'),
  refusal('links, pipes and devices', ENTRIES, "if (kind !== 'file' && kind !== 'folder')", "if (kind === '')"),
  refusal('names that are no path', ENTRIES, 'if (wrong) fault(wrong, path)', ''),
  refusal(
    'names that differ only in case or composition',
    ENTRIES,
    'else if (twin.path !== path) fault(',
    'else if (twin.path === "") fault(',
  ),
  refusal(
    'names that stand there twice',
    ENTRIES,
    "else if (kind === 'file' || twin.kind === 'file') fault(",
    "else if (kind === '') fault(",
  ),
  refusal('names that are not UTF-8', ENTRIES, 'if (given === undefined) {', 'if (given === undefined && name.length < 0) {'),
  refusal(
    'content that is not text',
    ENTRIES,
    "else if (text === undefined) fault('is not text in UTF-8; only text files are taken', path)",
    "else if (text === undefined) texts.push([path, ''])",
  ),
  refusal('length of a path', FILES, 'Buffer.byteLength(path) > 200', 'Buffer.byteLength(path) > 2 ** 40'),
  refusal('depth of a path', FILES, 'if (segments.length > 8)', 'if (segments.length > 2 ** 40)'),
  refusal('characters of a path', FILES, 'if (!/^[A-Za-z0-9._/@+ -]+$/.test(path))', "if (path === '')"),
  refusal('parts that lead elsewhere', FILES, "if (segment === '' || segment === '.' || segment === '..')", 'if (segment.length > 1e6)'),
  refusal(
    'names that begin with a hyphen',
    FILES,
    "if (segment.startsWith('-') || segment !== segment.trim())",
    'if (segment.length > 1e6)',
  ),
  refusal('names that begin with a dot', FILES, "if (segment.startsWith('.'))", 'if (segment.length > 1e6)'),
  refusal('reserved names', FILES, 'if (RESERVED.has(segment.toLowerCase()))', 'if (segment.length > 1e6)'),
  refusal(
    "the exercise's own list of paths",
    FILES,
    'else if (!allowed.some(pattern => pattern.test(path)))',
    'else if (allowed.length < 0)',
  ),
]
