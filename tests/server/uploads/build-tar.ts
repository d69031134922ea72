/** One entry, right in everything that isn't said otherwise. */
export type TarEntry = {
  name: string | Buffer
  content?: string | Buffer
  /** `0` file, `1` hard link, `2` symbolic link, `3` and `4` devices, `5` folder, `6` FIFO, `x` and `g` extended, `L` long name. */
  type?: string
  link?: string
  prefix?: string
  /** The size that it says, as it stands in the header. */
  says?: string
  magic?: string
  checksum?: number
}

/** A tar, block by block. `end` stands for the two blocks of zeros. */
export function buildTar(entries: readonly TarEntry[], end: Buffer = Buffer.alloc(1024)): Buffer {
  return Buffer.concat([...entries.flatMap(blocks), end])
}

/** An extended header of these records, for the entry after it. */
export function pax(records: Record<string, string>, type: 'x' | 'g' = 'x'): TarEntry {
  const content = Object.entries(records).map(([key, value]) => {
    const rest = ` ${key}=${value}\n`
    const length = [1, 2, 3, 4, 5, 6, 7].find(digits => String(Buffer.byteLength(rest) + digits).length === digits)!
    return `${Buffer.byteLength(rest) + length}${rest}`
  })
  return { name: 'PaxHeader', type, content: content.join('') }
}

function blocks({ name, content = '', type = '0', link = '', prefix = '', says, magic = 'ustar\u000000', checksum }: TarEntry): Buffer[] {
  const bytes = Buffer.from(content as string)
  const header = Buffer.alloc(512)
  Buffer.from(name as string).copy(header, 0, 0, 100)
  header.write('0000644\0', 100)
  header.write('0001750\0', 108)
  header.write('0001750\0', 116)
  header.write(says ?? `${bytes.length.toString(8).padStart(11, '0')}\0`, 124, 'latin1')
  header.write('14737500000\0', 136)
  header.write('        ', 148)
  header.write(type, 156)
  header.write(link, 157)
  header.write(magic, 257, 'latin1')
  header.write(prefix, 345)
  const sum = checksum ?? header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]
}
