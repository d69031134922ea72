import { crc32, deflateRawSync } from 'node:zlib'

/** One entry, right in everything that isn't said otherwise. */
export type ZipEntry = {
  name: string | Buffer
  content?: string | Buffer
  /** Unix type and permissions. */
  mode?: number
  stored?: boolean
  flags?: number
  method?: number
  crc?: number
  /** The size that it says to unpack to. */
  says?: number
  /** The packed bytes themselves. */
  packed?: Buffer
  /** Of the central directory alone. */
  extra?: Buffer
  /** What the header before the content says instead. */
  local?: { name?: string; flags?: number; method?: number; crc?: number; says?: number; extra?: Buffer }
  /** Sizes and checksum stand behind the content, and are zero before it. */
  streamed?: boolean
  descriptor?: Buffer
  /** Where the central directory says that it begins; by default where it does. */
  offset?: number
}

export type ZipParts = {
  prepend?: Buffer
  /** Offsets count from before what was prepended. */
  prependCounted?: boolean
  append?: Buffer
  comment?: string
  /** Between the entries and the directory. */
  gap?: Buffer
  count?: number
  beforeEnd?: Buffer
  directoryOffset?: number
}

/** A zip, byte by byte, so that it can lie in each of its fields. */
export function buildZip(entries: readonly ZipEntry[], parts: ZipParts = {}): Buffer {
  const before = parts.prepend ?? Buffer.alloc(0)
  const start = parts.prependCounted === false ? 0 : before.length
  const body: Buffer[] = []
  const directory: Buffer[] = []
  let at = start
  for (const entry of entries) {
    const name = Buffer.from(entry.name as string)
    const content = Buffer.from((entry.content ?? '') as string)
    const isStored = entry.stored ?? (entry.packed === undefined && content.length === 0)
    const packed = entry.packed ?? (isStored ? content : deflateRawSync(content))
    const flags = (entry.flags ?? 0) | (entry.streamed ? 8 : 0)
    const facts = {
      flags,
      method: entry.method ?? (isStored ? 0 : 8),
      crc: entry.crc ?? crc32(content),
      packed: packed.length,
      says: entry.says ?? content.length,
    }
    const zero = entry.streamed ? { crc: 0, packed: 0, says: 0 } : {}
    const local = { ...facts, ...zero, ...entry.local }
    const localName = Buffer.from(entry.local?.name ?? name)
    const localExtra = entry.local?.extra ?? Buffer.alloc(0)
    const header = Buffer.concat([
      fields([4, 0x04034b50], [2, 20], ...described(local), [2, localName.length], [2, localExtra.length]),
      localName,
      localExtra,
      packed,
      entry.descriptor ?? (entry.streamed ? fields([4, 0x08074b50], [4, facts.crc], [4, facts.packed], [4, facts.says]) : Buffer.alloc(0)),
    ])
    const extra = entry.extra ?? Buffer.alloc(0)
    const mode = entry.mode ?? 0o100644
    directory.push(
      fields(
        [4, 0x02014b50],
        [2, (3 << 8) | 20],
        [2, 20],
        ...described(facts),
        [2, name.length],
        [2, extra.length],
        [2, 0],
        [2, 0],
        [2, 0],
        [4, (mode << 16) >>> 0],
        [4, entry.offset ?? at],
      ),
      name,
      extra,
    )
    body.push(header)
    at += header.length
  }
  const gap = parts.gap ?? Buffer.alloc(0)
  const central = Buffer.concat(directory)
  const comment = Buffer.from(parts.comment ?? '')
  const count = parts.count ?? entries.length
  return Buffer.concat([
    before,
    ...body,
    gap,
    central,
    parts.beforeEnd ?? Buffer.alloc(0),
    fields(
      [4, 0x06054b50],
      [2, 0],
      [2, 0],
      [2, count],
      [2, count],
      [4, central.length],
      [4, parts.directoryOffset ?? at + gap.length],
      [2, comment.length],
    ),
    comment,
    parts.append ?? Buffer.alloc(0),
  ])
}

function described(facts: { flags: number; method: number; crc: number; packed: number; says: number }): [bytes: number, value: number][] {
  return [
    [2, facts.flags],
    [2, facts.method],
    [4, 0x5a_6b_00_00],
    [4, facts.crc],
    [4, facts.packed],
    [4, facts.says],
  ]
}

/** Numbers as a zip has them, the lowest byte first. */
export function fields(...values: [bytes: number, value: number][]): Buffer {
  return Buffer.concat(
    values.map(([bytes, value]) => {
      const buffer = Buffer.alloc(bytes)
      buffer.writeUIntLE(value, 0, bytes)
      return buffer
    }),
  )
}
