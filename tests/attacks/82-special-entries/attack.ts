import { gzipSync } from 'node:zlib'
import { buildTar, pax } from '../../server/uploads/build-tar.ts'
import { buildZip } from '../../server/uploads/build-zip.ts'
import { unixExtra } from '../../server/uploads/hostile.ts'
import type { Platform } from '../platform.ts'
import { allRefused, type Upload } from '../platform-uploads.ts'

export default function specialEntries(platform: Platform): Promise<string> {
  const right = { name: 'server.js', content: 'x' }
  // Hard link, devices, FIFO, contiguous; of GNU a dump, multi-volume, sparse, volume; of others ACL, inode, and none at all.
  const types = ['1', '3', '4', '6', '7', 'D', 'M', 'N', 'S', 'V', 'A', 'I', 'X', 'Z', '8', '9', ' ', '\u007f']
  const modes = { FIFO: 0o010666, 'character device': 0o020666, 'block device': 0o060666, socket: 0o140777, whiteout: 0o160000 }
  const uploads: Upload[] = [
    ...types.flatMap((type): Upload[] => [
      [`type ${type} in a tar`, buildTar([right, { name: 'x.js', type, link: 'server.js' }])],
      [`type ${type} to the outside`, gzipSync(buildTar([right, { name: 'x.js', type, link: '/etc/passwd' }]))],
      [`type ${type} with a content`, buildTar([right, { name: 'x.js', type, link: '/dev/sda', content: 'x' }])],
      [`type ${type} by an older tar`, buildTar([right, { name: 'x.js', type, magic: 'ustar  \0' }])],
    ]),
    ...Object.entries(modes).map(([what, mode]): Upload => [`a ${what} in a zip`, buildZip([right, { name: 'x.js', mode }])]),
    ['a hard link in an extra field of a zip', buildZip([right, { name: 'x.js', extra: unixExtra('/etc/passwd') }])],
    ['a sparse file', buildTar([pax({ 'GNU.sparse.realsize': '99999999999' }), { name: 'x.js' }])],
    ['a folder of a size', buildTar([right, { name: 'lib', type: '5', content: 'x' }])],
  ]
  return allRefused(platform, uploads)
}
