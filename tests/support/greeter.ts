import { makeBundle, type Bundle } from '../../core/bundle.ts'
import { manifestSchema } from '../../core/exercise.ts'
import type { SandboxRuntime } from '../../core/sandbox-runtime.ts'

/** The smallest endpoint exercise: two visible and two hidden tests, short limits. `files` replaces or adds files of the bundle. */
export function greeter({
  limits = {},
  files = {},
  command,
  sandbox,
}: {
  limits?: Record<string, string>
  files?: Record<string, string>
  command?: string[]
  sandbox?: SandboxRuntime | undefined
} = {}): Bundle {
  const manifest = {
    kind: 'endpoint',
    title: 'Greeter',
    difficulty: 'easy',
    tasks: [
      { id: 'greet', title: 'Greet' },
      { id: 'refuse', title: 'Refuse' },
    ],
    editable: ['**'],
    runtimes: { node: { entry: 'server.js', ...(command && { command }) } },
    ...(sandbox && { sandbox }),
    limits: { start: '20s', test: '2s', total: '40s', memory: '128m', ...limits },
  }
  return makeBundle('greeter', manifestSchema.parse(manifest), {
    'exercise.yaml': JSON.stringify(manifest),
    'tests/visible/greet.test.ts': `
      import { test, expect } from 'assay'
      test('greets', { id: 'greets', task: 'greet', hint: 'Look at the name.' }, async ({ http }) => {
        expect((await http.get('/?name=Ada')).text).toBe('Hello, Ada!')
      })
      test('says that it is text', { id: 'is-text', task: 'greet' }, async ({ http }) => {
        expect((await http.get('/?name=Ada')).headers['content-type']).toContain('text/plain')
      })`,
    'tests/hidden/refuse.test.ts': `
      import { test, expect } from 'assay'
      test('CANARY-NAME refuses an empty name', { id: 'refuses', task: 'refuse', points: 6, category: 'validation' }, async ({ http }) => {
        expect((await http.get('/?name=')).status).toBe(422)
      })
      test('greets others', { id: 'greets-others', task: 'greet', points: 4 }, async ({ http, seed }) => {
        expect((await http.get('/?name=CANARY-' + seed)).text).toBe('Hello, CANARY-' + seed + '!')
      })`,
    ...files,
  })
}

/** A right solution; `before` stands at its top, `onRequest` inside its handler. */
export function greeterServer({ before = '', onRequest = '' } = {}): Record<string, string> {
  return {
    'server.js': `
const { createServer } = require('node:http')
${before}
createServer((request, response) => {
  const name = new URL(request.url, 'http://x').searchParams.get('name')
  ${onRequest}
  response.setHeader('content-type', 'text/plain')
  if (!name) response.statusCode = 422
  response.end(name ? 'Hello, ' + name + '!' : 'a name is missing')
}).listen(process.env.PORT, '127.0.0.1')
`,
  }
}
