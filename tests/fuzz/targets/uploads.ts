import { gzipSync } from 'node:zlib'
import { Problem } from '../../../server/problem.ts'
import { unpack } from '../../../server/uploads/unpack.ts'
import { buildTar, pax } from '../../server/uploads/build-tar.ts'
import { buildZip } from '../../server/uploads/build-zip.ts'
import { mutated } from '../mutate.ts'
import { target } from '../target.ts'

const files = [
  { name: 'server.js', content: 'listen()\n'.repeat(40) },
  { name: 'lib/', content: '' },
  { name: 'lib/names.js', content: 'export const names = []\n' },
]
const tar = buildTar([pax({ path: 'lib/longer.js' }), ...files])
const seeds = [buildZip(files), buildZip(files.map(file => ({ ...file, stored: true }))), tar, gzipSync(tar)]

/** Archives that are handed in: nothing but text under plain names comes out, or a Problem does. */
export const uploads = target({
  name: 'archives',
  cases: mutated(seeds),
  async read(bytes) {
    try {
      const unpacked = await unpack(bytes)
      for (const [path, text] of Object.entries(unpacked)) {
        if (path.startsWith('/') || path.split('/').includes('..') || path.includes('\0'))
          throw new TypeError(`a file ${JSON.stringify(path)} came out`)
        if (text.length > 20 * bytes.length + 4096) throw new TypeError('more came out than was let in')
      }
    } catch (error) {
      if (!(error instanceof Problem)) throw error
    }
  },
})
