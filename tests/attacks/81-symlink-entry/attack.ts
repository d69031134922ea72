import { gzipSync } from 'node:zlib'
import { buildTar } from '../../server/uploads/build-tar.ts'
import { buildZip } from '../../server/uploads/build-zip.ts'
import type { Platform } from '../platform.ts'
import { allRefused, type Upload } from '../platform-uploads.ts'

const TARGETS = ['/etc/passwd', '../../data/assay.sqlite', '/proc/self/environ', '../tests/hidden/greet.test.ts', '.', '/']

export default function symlinkEntry(platform: Platform): Promise<string> {
  const right = { name: 'package.json', content: '{}' }
  const uploads = TARGETS.flatMap((link): Upload[] => {
    const zipped = { name: 'server.js', content: link, mode: 0o120777, stored: true }
    const tarred = { name: 'server.js', type: '2', link }
    return [
      [`a zip with a link to ${link}`, buildZip([right, zipped])],
      [`a packed link to ${link}`, buildZip([right, { ...zipped, stored: false }])],
      [`a link to ${link} that ends in a slash`, buildZip([right, { ...zipped, name: 'lib/' }])],
      [
        `a file behind a link to ${link}`,
        buildZip([
          { ...zipped, name: 'lib' },
          { name: 'lib/server.js', content: 'x' },
        ]),
      ],
      [
        `a file in the place of a link to ${link}`,
        buildZip([
          { ...zipped, name: 'lib' },
          { name: 'lib', content: 'x' },
        ]),
      ],
      [`a tar with a link to ${link}`, buildTar([right, tarred])],
      [`a tar.gz with a link to ${link}`, gzipSync(buildTar([right, tarred]))],
      [
        `a tar with a file behind a link to ${link}`,
        buildTar([
          { ...tarred, name: 'lib' },
          { name: 'lib/server.js', content: 'x' },
        ]),
      ],
      [`a tar with a long link to ${link}`, buildTar([right, { name: 'K', type: 'K', content: `${link}\0` }, tarred])],
      [`a tar with a link that says it has a content`, buildTar([right, { ...tarred, content: 'x' }])],
    ]
  })
  return allRefused(platform, uploads)
}
