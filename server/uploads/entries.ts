import { pathFault } from '../../core/files.ts'
import type { FileMap } from '../../core/submission.ts'
import { notAcceptable, type RequestFault } from '../problem.ts'
import { CAPS } from './caps.ts'
import { faultOf, refuse } from './refuse.ts'

/*
 * What comes out of an archive, whatever its kind. Each entry is named first; only when the name is taken is its content
 * unpacked, into the room that is left. Faults of single entries are collected, so that a person can mend them all at once.
 */
export type Entries = {
  /**
   * Says what stands there: `kind` is `file`, `folder`, or the words for what isn't taken. Returns the path when its content is
   * wanted.
   */
  enter(name: Uint8Array, kind: string): string | undefined
  /** Bytes that may still come out. */
  room(): number
  /** Why there is no more room, in words. */
  full(): string
  add(path: string, content: Buffer): void
  fault(detail: string, path: string): void
  /** Throws a Problem when there was any fault. */
  files(): FileMap
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const asFarAsPossible = new TextDecoder('utf-8')

export function collectEntries(archiveBytes: number): Entries {
  const byRatio = Math.max(CAPS.freeBytes, CAPS.ratio * archiveBytes)
  const allowed = Math.min(CAPS.contentBytes, byRatio)
  const faults: RequestFault[] = []
  /** Each name as a file system that ignores case and composition would see it. */
  const seen = new Map<string, { path: string; kind: string }>()
  const texts: [path: string, text: string][] = []
  let count = 0
  let taken = 0

  function fault(detail: string, path: string): void {
    faults.push(faultOf(detail, path))
  }

  function enter(name: Uint8Array, kind: string): string | undefined {
    if (++count > CAPS.entries) refuse(`holds more than ${CAPS.entries} entries`)
    const given = decode(name)
    if (given === undefined) {
      fault('its name is not valid UTF-8', asFarAsPossible.decode(name))
      return undefined
    }
    // `tar c .` names everything from the folder itself.
    const whole = given.replace(/^\.\//, '')
    const path = kind === 'folder' ? whole.replace(/\/$/, '') : whole
    if (kind === 'folder' && (path === '' || path === '.') && given !== '' && given !== '/') return undefined
    if (isLitter(path)) return undefined
    if (kind !== 'file' && kind !== 'folder') fault(`is ${kind}; only files and folders are taken`, path)
    const wrong = pathFault(path)
    if (wrong) fault(wrong, path)
    const twin = seen.get(folded(path))
    if (!twin) seen.set(folded(path), { path, kind })
    else if (twin.path !== path) fault(`differs from ${JSON.stringify(twin.path)} only in case or composition`, path)
    else if (kind === 'file' || twin.kind === 'file') fault('stands in the archive twice', path)
    return kind === 'file' && !wrong && !twin ? path : undefined
  }

  return {
    enter,
    fault,
    room: () => allowed - taken,
    full: () =>
      allowed === byRatio ? `unpacks to more than ${CAPS.ratio} times its size` : `unpacks to more than ${CAPS.contentBytes} bytes`,
    add(path, content) {
      taken += content.length
      const text = decode(content)
      if (content.length > CAPS.fileBytes) fault(`expected at most ${CAPS.fileBytes} bytes, got ${content.length}`, path)
      else if (text === undefined) fault('is not text in UTF-8; only text files are taken', path)
      else texts.push([path, text])
    },
    files() {
      if (faults.length > 0) throw notAcceptable(faults)
      if (texts.length === 0) refuse('holds no files')
      return Object.fromEntries(texts)
    },
  }
}

/** What macOS adds to every archive that it makes. */
function isLitter(path: string): boolean {
  return /^__MACOSX(\/|$)|(^|\/)(\._[^/]*|\.DS_Store)$/.test(path)
}

function folded(path: string): string {
  return path.normalize('NFC').toLowerCase()
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes)
  } catch {
    return undefined
  }
}
