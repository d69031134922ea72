import { expect, test } from 'vitest'
import { shapeOf } from '../../../worker/pool/shape.ts'
import { bundleOf } from '../../support/examiner-harness.ts'

const files = { 'schema.sql': '', 'tests/visible/a.test.ts': '', 'tests/hidden/b.test.ts': '', 'reference/node/server.js': '' }
const services = { postgres: { schema: 'schema.sql' } }
const bytesOf = (manifest: object) =>
  shapeOf({ bundle: bundleOf(files, { ...manifest }), runtime: 'node', sandboxRuntime: 'runc' }).bytes / 1024 ** 2

test.each([
  ['an endpoint', {}, 32 + 40],
  ['one with a database', { services }, 32 + 40 + 96],
  ['one that programs are compared with a reference in', { reference: 'submissions/accepted/a' }, 32 + 2 * 40],
  ['one with both', { services, reference: 'submissions/accepted/a' }, 32 + 2 * (40 + 96)],
])('%s waits in so much memory', (_, manifest, mebibytes) => {
  expect(bytesOf(manifest)).toBe(mebibytes)
})
