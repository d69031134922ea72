import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { pathFault } from '../../../core/files.ts'
import { Problem } from '../../../server/problem.ts'
import { CAPS } from '../../../server/uploads/caps.ts'
import { unpack } from '../../../server/uploads/unpack.ts'
import { buildTar, pax, type TarEntry } from '../../server/uploads/build-tar.ts'
import { buildZip, type ZipEntry } from '../../server/uploads/build-zip.ts'
import { target } from '../target.ts'

const NAMES = [
  'server.js',
  'lib/',
  'lib/one.js',
  '../x',
  '/etc/passwd',
  './a.js',
  'A.js',
  'é.js',
  'e\u0301.js',
  '__proto__',
  '',
  '.',
  'a\0b',
]
const name = fc.oneof(fc.constantFrom(...NAMES), fc.string({ unit: 'binary', maxLength: 120 }))
const number = (bits: number) =>
  fc.oneof(
    fc.constantFrom(0, 1, 2 ** bits - 1),
    fc.nat({ max: 2 ** 31 - 1 }).map(value => value % 2 ** bits),
  )
const content = fc.oneof(fc.string({ maxLength: 300 }), fc.constant('0'.repeat(100_000)))
const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map(values => Buffer.from(values))

/** Archives that lie in single fields and are right in all others, so that they get past the first checks. */
const lyingZips = fc
  .tuple(
    fc.array(
      fc.record(
        {
          name,
          content,
          mode: number(16),
          stored: fc.boolean(),
          streamed: fc.boolean(),
          flags: number(16),
          method: fc.constantFrom(0, 8, 9, 12, 99),
          crc: number(32),
          says: number(32),
          offset: number(32),
          extra: bytes(40),
          packed: bytes(100),
        },
        { requiredKeys: ['name'] },
      ),
      { maxLength: 6 },
    ),
    fc.record({ count: number(16), directoryOffset: number(32), comment: fc.string({ maxLength: 40 }) }, { requiredKeys: [] }),
  )
  .map(([entries, parts]) => buildZip(entries as ZipEntry[], parts as object))

const tarEntry = fc.record(
  {
    name,
    content,
    type: fc.oneof(fc.constantFrom('0', '1', '2', '3', '5', 'x', 'g', 'L', 'K'), fc.string({ minLength: 1, maxLength: 1 })),
    says: fc.oneof(
      number(32).map(size => `${size.toString(8).padStart(11, '0')}\0`),
      fc.string({ unit: 'binary', maxLength: 12 }),
    ),
    prefix: fc.constantFrom('', '..', 'lib'),
    magic: fc.constantFrom('ustar\u000000', 'ustar  \0', 'ustar'),
  },
  { requiredKeys: ['name'] },
)
const extended = fc
  .tuple(
    fc.dictionary(fc.constantFrom('path', 'size', 'linkpath', 'GNU.sparse.size', 'x'), fc.string({ unit: 'binary', maxLength: 30 })),
    fc.constantFrom('x' as const, 'g' as const),
  )
  .map(given => pax(...given))
const lyingTars = fc
  .array(fc.oneof({ weight: 4, arbitrary: tarEntry }, { weight: 1, arbitrary: extended }), { maxLength: 8 })
  .map(entries => buildTar(entries as TarEntry[]))

/** Archives that are handed in: read into files that may be kept, or refused as a problem. */
export const lyingArchives = target({
  name: 'lying archives',
  cases: fc.oneof(
    lyingZips,
    lyingTars,
    lyingTars.map(tar => gzipSync(tar)),
  ),
  async read(archive) {
    const files = await unpack(archive).catch((error: unknown) => {
      if (error instanceof Problem && error.status === 422 && error.errors!.length > 0) return {}
      throw error
    })
    const paths = Object.keys(files)
    for (const path of paths) if (pathFault(path)) throw new Error(`a file ${JSON.stringify(path)} was taken`)
    const size = Object.values(files).reduce((sum, text) => sum + Buffer.byteLength(text), 0)
    if (paths.length > CAPS.entries || size > CAPS.contentBytes) throw new Error(`${paths.length} files of ${size} bytes came out`)
  },
})
