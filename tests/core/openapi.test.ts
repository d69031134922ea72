import { expect, test } from 'vitest'
import type { InvalidInput } from '../../core/errors.ts'
import { checkExercise } from '../../core/exercise-faults.ts'
import { manifestSchema } from '../../core/exercise.ts'
import { readOpenApi } from '../../core/openapi.ts'

const DOCUMENT = `openapi: 3.1.0
info: { title: Books, version: '1' }
paths:
  /books/{bookId}:
    parameters: [{ $ref: '#/components/parameters/BookId' }]
    get:
      operationId: getBook
      responses:
        200: { description: It, content: { application/json: { schema: { $ref: '#/components/schemas/Book' } } } }
        4XX: { description: No }
components:
  parameters:
    BookId: { name: bookId, in: path, required: true, schema: { type: string } }
  schemas:
    Book: { type: object, properties: { title: { type: string } }, example: { $ref: only a word } }
`

function findings(text: string): string[] {
  try {
    readOpenApi(text, 'openapi.yaml')
    return []
  } catch (error) {
    return (error as InvalidInput).findings.map(({ line, field, message }) => `${line} ${field}: ${message}`)
  }
}

test('a document is read with what it says beyond what is needed', () => {
  expect(findings(DOCUMENT)).toEqual([])
  const { paths } = readOpenApi(JSON.stringify(readOpenApi(DOCUMENT, '')), 'openapi.json')
  expect(paths['/books/{bookId}']!.get!.operationId).toBe('getBook')
})

const FAULTS: [what: string, from: string, to: string, finding: string][] = [
  ['another version', '3.1.0', '3.0.3', '1 openapi: expected OpenAPI 3.1, as "3.1.0", got "3.0.3"'],
  ['no name for tests', 'operationId: getBook', 'summary: a', '6 paths./books/{bookId}.get.operationId: expected a string, got nothing'],
  ['a status that is none', '4XX:', '4xx:', '10 paths./books/{bookId}.get.responses.4xx: '],
  [
    'a reference to nothing',
    '#/components/schemas/Book',
    '#/components/schemas/Bok',
    '8 paths./books/{bookId}.get.responses.200.content.application/json.schema.$ref: expected a part of this document, such as "#/components/schemas/Book", got "#/components/schemas/Bok"',
  ],
  ['a reference elsewhere', '#/components/schemas/Book', 'book.yaml', 'expected a part of this document'],
  [
    'a place without its parameter',
    'name: bookId',
    'name: id',
    '6 paths./books/{bookId}.get: expected a parameter "bookId" with "in: path", as the path has {bookId}, got none',
  ],
  [
    'a parameter without a schema',
    'schema: { type: string } }\n  schemas',
    'description: a }\n  schemas',
    '13 components.parameters.BookId.schema: ',
  ],
  ['no YAML', 'info: {', 'info: {{', '3 undefined: Flow map'],
]

test.each(FAULTS)('%s is told with its line', (_what, from, to, finding) => {
  expect(DOCUMENT).toContain(from)
  expect(findings(DOCUMENT.replace(from, to)).join('\n')).toContain(finding)
})

test('an exercise’s contract must be there, be usable, and be where learners read it', () => {
  const manifest = manifestSchema.parse({
    kind: 'endpoint',
    title: 'Books',
    difficulty: 'easy',
    tasks: [{ id: 'one', title: 'One' }],
    editable: ['*'],
    runtimes: { node: { entry: 'server.js' } },
    contract: 'openapi.yaml',
  })
  const tests = { 'tests/visible/a.test.ts': '', 'tests/hidden/a.test.ts': '' }
  const faults = (files: Record<string, string>) =>
    checkExercise(manifest, { 'README.md': '# One', 'starter/node/server.js': '', ...tests, ...files }).map(({ file, field, line }) => [
      file,
      field,
      line,
    ])
  expect(faults({})).toEqual([['exercise.yaml', 'contract', undefined]])
  expect(faults({ 'openapi.yaml': DOCUMENT })).toEqual([['exercise.yaml', 'contract', undefined]])
  expect(faults({ 'openapi.yaml': DOCUMENT, 'starter/node/openapi.yaml': DOCUMENT })).toEqual([])
  expect(faults({ 'openapi.yaml': DOCUMENT, 'README.md': `# One\n\n\`\`\`yaml\n${DOCUMENT}\`\`\`` })).toEqual([])
  const broken = DOCUMENT.replace('3.1.0', '3.0.3')
  expect(faults({ 'openapi.yaml': broken, 'starter/node/openapi.yaml': broken })).toEqual([['openapi.yaml', 'openapi', 1]])
})
