import { CAPS } from './caps.ts'
import type { Entries } from './entries.ts'
import { refuse } from './refuse.ts'

/*
 * A tar is blocks of 512 bytes: a header, its content, the next header. Our own reader, because the packages replace broken
 * bytes in names, look at nothing behind the end, and copy a global header's records for every entry, which a hostile one
 * makes take minutes. Nothing but names, kinds and contents is read: owners, modes and times mean nothing here.
 */
const BLOCK = 512

/** What isn't taken, by the type flag of its header. */
const OTHERS: Record<string, string> = {
  '1': 'a hard link',
  '2': 'a symbolic link',
  '3': 'a character device',
  '4': 'a block device',
  '6': 'a FIFO',
}

/** Enters what the tar holds. Throws a Problem when it isn't whole. */
export function readTar(tar: Buffer, entries: Entries): void {
  let at = 0
  /** From the extended header before an entry. */
  let longName: Buffer | undefined
  for (;;) {
    const header = tar.subarray(at, at + BLOCK)
    if (header.length < BLOCK) refuse('is a tar that ends too early')
    if (isZero(header)) break
    if (number(header, 148, 8) !== checksum(header)) refuse('is a tar with a broken header')
    const size = number(header, 124, 12)
    const begin = at + BLOCK
    const content = tar.subarray(begin, begin + size)
    if (content.length < size) refuse('is a tar that ends too early')
    at = begin + Math.ceil(size / BLOCK) * BLOCK

    const flag = String.fromCharCode(header[156]!)
    if ('xgLK'.includes(flag)) {
      if (size > CAPS.tarHeaderBytes) refuse(`holds an extended header of more than ${CAPS.tarHeaderBytes} bytes`)
      if (flag === 'L') longName = untilNul(content)
      else if (flag !== 'K') longName = pathOf(content, flag === 'g') ?? longName
      continue
    }
    const name = longName ?? shortName(header)
    longName = undefined
    const isFile = flag === '0' || flag === '\0'
    const isFolder = flag === '5' || (isFile && name.at(-1) === SLASH)
    if (isFolder && size > 0) refuse('is a tar with a folder that has a content')
    const path = entries.enter(name, isFolder ? 'folder' : isFile ? 'file' : (OTHERS[flag] ?? 'something else than a file'))
    if (path === undefined) continue
    if (size > entries.room()) refuse(entries.full())
    entries.add(path, content)
  }
  if (longName) refuse('is a tar that ends too early')
  if (!isZero(tar.subarray(at))) refuse('holds bytes behind its end')
}

const SLASH = 0x2f
const NEWLINE = 0x0a

function shortName(header: Buffer): Buffer {
  const name = untilNul(header.subarray(0, 100))
  // POSIX keeps the folders of a longer name apart; GNU keeps other things there.
  const prefix = header.toString('latin1', 257, 263) === 'ustar\0' ? untilNul(header.subarray(345, 500)) : Buffer.alloc(0)
  return prefix.length > 0 ? Buffer.concat([prefix, Buffer.from('/'), name]) : name
}

/** Records as `<length> <key>=<value>\n`. Only `path` means anything; what would change how the content is read is refused. */
function pathOf(records: Buffer, global: boolean): Buffer | undefined {
  let path: Buffer | undefined
  let at = 0
  while (at < records.length) {
    const space = records.indexOf(' ', at)
    const length = space < 0 ? 0 : Number(records.toString('latin1', at, space))
    const record = records.subarray(space + 1, at + length - 1)
    const equals = record.indexOf('=')
    if (!(length > 0) || at + length > records.length || equals < 1 || records[at + length - 1] !== NEWLINE)
      refuse('is a tar with a broken extended header')
    const key = record.toString('latin1', 0, equals)
    if (key === 'size' || key.startsWith('GNU.sparse') || (global && key === 'path'))
      refuse(`is a tar that sets "${key}" in an extended header`)
    if (key === 'path') path = record.subarray(equals + 1)
    at += length
  }
  return path
}

function untilNul(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0)
  return end < 0 ? bytes : bytes.subarray(0, end)
}

/** Octal digits, with spaces or NUL around them; the binary form for sizes of gigabytes is none of ours. */
function number(header: Buffer, from: number, length: number): number {
  const digits = untilNul(header.subarray(from, from + length))
    .toString('latin1')
    .trim()
  if (!/^[0-7]{0,12}$/.test(digits)) refuse('is a tar with a broken header')
  return Number.parseInt(digits || '0', 8)
}

/** The sum of a header's bytes, its own field counted as spaces. */
function checksum(header: Buffer): number {
  let sum = 8 * 0x20
  for (let at = 0; at < BLOCK; at++) if (at < 148 || at >= 156) sum += header[at]!
  return sum
}

const ZEROS = Buffer.alloc(64 * 1024)

function isZero(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at += ZEROS.length) {
    const part = bytes.subarray(at, at + ZEROS.length)
    if (!part.equals(ZEROS.subarray(0, part.length))) return false
  }
  return true
}
