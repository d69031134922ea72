import { crc32, deflateRawSync, gzipSync } from 'node:zlib'
import { buildTar, pax } from '../../server/uploads/build-tar.ts'
import { buildZip, fields } from '../../server/uploads/build-zip.ts'
import { overlapping, quine, unicodeName, zip64End } from '../../server/uploads/hostile.ts'
import type { Platform } from '../platform.ts'
import { allRefused, type Upload } from '../platform-uploads.ts'

export default function headerLies(platform: Platform): Promise<string> {
  const good = { name: 'server.js', content: 'listen()' }
  const other = { name: 'other.js', content: 'attack()' }
  const whole = buildZip([other])
  const zip = (lie: object) => buildZip([{ ...good, ...lie }])
  const tar = [good, { name: 'lib/x.js', content: 'x' }]
  const uploads: Upload[] = [
    ['another name before the content', zip({ local: { name: '../../x.js' } })],
    ['another method before the content', zip({ local: { method: 0 } })],
    ['another size before the content', zip({ local: { says: 1 } })],
    ['another checksum before the content', zip({ local: { crc: 1 } })],
    ['encrypted by one header only', zip({ local: { flags: 1 } })],
    ['encrypted', zip({ flags: 1 })],
    ['encrypted, and its directory too', zip({ flags: 0x2001 })],
    ['names in UTF-8 by one header only', zip({ local: { flags: 0x800 } })],
    ['another name in an extra field', zip({ extra: unicodeName('../../x.js') })],
    ['a checksum that does not fit', zip({ crc: crc32('attack()') })],
    ['a size that does not fit', zip({ says: 9 })],
    ['two sizes of what is stored', zip({ stored: true, says: 4 })],
    ['more behind the packed content', zip({ packed: Buffer.concat([deflateRawSync('listen()'), deflateRawSync('attack()')]) })],
    ['a descriptor that says something else', zip({ streamed: true, descriptor: fields([4, 0x08074b50], [4, 0], [4, 9], [4, 9]) })],
    ['no descriptor where one should be', zip({ streamed: true, descriptor: Buffer.alloc(0) })],
    ['methods nobody asked for', zip({ method: 12 })],
    ['a content beyond the end', zip({ offset: 0xfffffff0 })],
    ['sizes of zip64', zip({ extra: Buffer.concat([fields([2, 1], [2, 16]), Buffer.alloc(16, 0xff)]) })],
    ['an end of zip64 that counts none', buildZip([good], { beforeEnd: zip64End() })],
    ['two files of a name', buildZip([good, { ...good, content: 'attack()' }])],
    ['two files of a name but for its case', buildZip([good, { ...good, name: 'SERVER.js' }])],
    ['two files of a name but for its composition', buildZip([{ name: 'é.js' }, { name: 'e\u0301.js' }])],
    ['two names for one content', quine()],
    ['a content inside another', overlapping()],
    ['a zip before the zip', buildZip([good], { prepend: whole })],
    ['a zip before the zip, not counted', buildZip([good], { prepend: whole, prependCounted: false })],
    ['a zip behind the zip', buildZip([good], { append: whole })],
    ['a zip in the comment', buildZip([good], { comment: whole.toString('latin1') })],
    ['a zip between entries and directory', buildZip([good], { gap: whole })],
    ['a zip before the end', buildZip([good], { beforeEnd: whole })],
    ['fewer entries than there are', buildZip([good, other], { count: 1 })],
    ['no entries where there is one', buildZip([good], { count: 0 })],
    ['more entries than there are', buildZip([good], { count: 2 })],
    ['a directory elsewhere', buildZip([good], { directoryOffset: 0 })],
    ['a zip that is a tar too', buildTar([{ name: 'PK\u0003\u0004.js', content: 'x' }, ...tar])],
    ['two files of a name in a tar', buildTar([good, { ...good, content: 'attack()' }])],
    ['two files of a name in a tar, one from the folder itself', buildTar([good, { ...good, name: './server.js' }])],
    ['a file and a folder of a name', buildTar([good, { name: 'server.js', type: '5' }, { name: 'server.js/x.js', content: 'x' }])],
    ['a tar behind the tar', Buffer.concat([buildTar(tar), buildTar([other])])],
    ['a tar.gz behind the tar.gz', Buffer.concat([gzipSync(buildTar(tar)), gzipSync(buildTar([other]))])],
    ['another size in an extended header', buildTar([pax({ size: '512' }), good, other])],
    ['a name for all that follow', buildTar([pax({ path: 'server.js' }, 'g'), { name: 'x.js', content: 'x' }])],
    ['a wrong checksum of a header', buildTar([good, { ...other, checksum: 1 }])],
    ['a size below nothing', buildTar([{ ...good, says: '-0000000010\0' }])],
    ['a size in binary', buildTar([{ ...good, says: '\u0080\0\0\0\0\0\0\0\0\0\0\u0008' }])],
    ['a size of twelve digits and more', buildTar([{ ...good, says: '777777777777' }])],
    ['a tar cut off', buildTar(tar).subarray(0, 1200)],
    ['one file in a map twice', '{"exercise":"greeting","files":{"server.js":"listen()","server.js":"attack()"}}'],
    [
      'one file in a map twice, written in two ways',
      '{"exercise":"greeting","files":{"server.js":"listen()","\\u0073erver.js":"attack()"}}',
    ],
    ['two maps', '{"exercise":"greeting","files":{"server.js":"listen()"},"files":{"server.js":"attack()"}}'],
  ]
  return allRefused(platform, uploads)
}
