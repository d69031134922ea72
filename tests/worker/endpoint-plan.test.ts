import { expect, test } from 'vitest'
import { manifestSchema, type EndpointManifest } from '../../core/exercise.ts'
import { endpoint } from '../../worker/kinds/endpoint.ts'

/** What a program that waits loads ahead: what the exercise names, else what most submissions import. */
test.each([
  ['by default Node’s server and Express', {}, {}, ['./node-http.mjs', 'express', 'iconv-lite/encodings']],
  [
    'with a database its client, too',
    {},
    { postgres: { schema: 'schema.sql' } },
    ['./node-http.mjs', 'express', 'iconv-lite/encodings', 'pg'],
  ],
  ['what the exercise names', { imports: ['fastify'] }, { postgres: { schema: 'schema.sql' } }, ['fastify']],
  ['nothing, where it names nothing', { imports: [] }, {}, []],
])('%s', (_, runtime, services, modules) => {
  const { subject } = endpoint.plan(manifest(runtime, services), 'node')
  expect(subject?.waiting?.command.at(-1)).toBe('/work/src/server.js')
  expect(subject?.waiting?.modules).toEqual(['node:dns', 'node:cluster', ...modules])
})

test('a command of the exercise’s own is always started cold', () => {
  const { subject } = endpoint.plan(manifest({ command: ['node', '--enable-source-maps', 'src/server.js'] }, {}), 'node')
  expect(subject?.command).toEqual(['node', '--enable-source-maps', 'src/server.js'])
  expect(subject).not.toHaveProperty('waiting')
})

function manifest(runtime: object, services: object): EndpointManifest {
  const tasks = [{ id: 'one', title: 'One' }]
  const runtimes = { node: { entry: 'src/server.js', ...runtime } }
  const given = { kind: 'endpoint', title: 'A', difficulty: 'easy', tasks, runtimes, services, editable: ['src/**'] }
  return manifestSchema.parse(given) as EndpointManifest
}
