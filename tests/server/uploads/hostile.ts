import { buildZip, fields, type ZipEntry } from './build-zip.ts'

/* Parts of archives that no honest program makes. */
const good: ZipEntry = { name: 'server.js', content: 'listen()' }

export function unixExtra(link: string): Buffer {
  const data = Buffer.concat([Buffer.alloc(12), Buffer.from(link)])
  return Buffer.concat([fields([2, 0x000d], [2, data.length]), data])
}

export function unicodeName(name: string): Buffer {
  const data = Buffer.concat([fields([1, 1], [4, 0]), Buffer.from(name)])
  return Buffer.concat([fields([2, 0x7075], [2, data.length]), data])
}

/** A whole zip64 end and its locator, which count no entries at all. */
export function zip64End(): Buffer {
  const record = Buffer.concat([fields([4, 0x06064b50], [4, 44], [4, 0]), Buffer.alloc(44)])
  return Buffer.concat([record, fields([4, 0x07064b50], [4, 0], [4, 0], [4, 0], [4, 1])])
}

/** Two directory entries for the same bytes. */
export function quine(): Buffer {
  return buildZip([good, { ...good, offset: 0 }])
}

/** The second entry lies inside the content of the first. */
export function overlapping(): Buffer {
  const inner = buildZip([good]).subarray(0, 47)
  return buildZip([
    { name: 'outer.js', content: inner, stored: true },
    { ...good, offset: 38 },
  ])
}

/** Files of nothing, as small as they can be; the directory's own count ends at 65,535. */
export function storm(count: number): Buffer {
  const entries = Array.from({ length: count }, (_, at) => ({ name: `${at.toString(36)}.js` }))
  return buildZip(entries, { count: Math.min(count, 0xffff) })
}
