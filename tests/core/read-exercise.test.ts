import { mkdtemp, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bundleSchema } from '../../core/bundle.ts'
import { InvalidInput, type Finding } from '../../core/errors.ts'
import { readExercise } from '../../core/read-exercise.ts'
import { referenceOf } from '../../core/reference.ts'
import { readLibrary } from '../../core/read-library.ts'
import { readSamples } from '../../core/read-samples.ts'
import type { FileMap } from '../../core/submission.ts'
import { ENDPOINT, QUERY, layExercise } from './sample-exercise.ts'

async function findings(work: Promise<unknown>): Promise<readonly Finding[]> {
  const error = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(error instanceof InvalidInput)) throw error ?? new Error('was read without a fault')
  return error.findings
}

/** The files with one of them changed, or left out when `text` is undefined. */
function withFile(files: FileMap, path: string, text: string | undefined): FileMap {
  const { [path]: _, ...rest } = files
  return text === undefined ? rest : { ...rest, [path]: text }
}

function edited(files: FileMap, from: string | RegExp, to: string): FileMap {
  return withFile(files, 'exercise.yaml', files['exercise.yaml']!.replace(from, to))
}

describe('reading an exercise', () => {
  test('gives its manifest, statement, starter and bundle', async () => {
    const exercise = await readExercise(await layExercise('hello', ENDPOINT))
    expect(exercise).toMatchObject({
      slug: 'hello',
      statement: ENDPOINT['README.md'],
      starter: { node: { 'server.js': '// begin here\n' } },
    })
    expect(exercise.manifest.limits).toMatchObject({ start: 3000, memory: 128 * 1024 ** 2, test: 5000 })
    expect(Object.keys(exercise.bundle.files).sort()).toEqual([
      'exercise.yaml',
      'tests/hidden/canary.test.ts',
      'tests/visible/hello.test.ts',
    ])
  })

  test('a bundle parses to the same after crossing the wire, again and again', async () => {
    const { bundle } = await readExercise(await layExercise('hello', ENDPOINT))
    const once = bundleSchema.parse(JSON.parse(JSON.stringify(bundle)))
    expect(once).toEqual(bundle)
    expect(bundleSchema.parse(JSON.parse(JSON.stringify(once)))).toEqual(bundle)
  })

  test('a reference is part of what grades: its files, in the runtime that it names, and no other sample', async () => {
    const files = {
      ...edited(ENDPOINT, 'limits:', 'reference: submissions/accepted/plain\nlimits:'),
      'submissions/accepted/plain/sample.yaml': 'runtime: node\n',
      'submissions/accepted/other/server.js': '// another\n',
    }
    const { bundle } = await readExercise(await layExercise('hello', files))
    expect(referenceOf(bundle)).toEqual({
      path: 'submissions/accepted/plain',
      runtime: 'node',
      files: { 'server.js': ENDPOINT['submissions/accepted/plain/server.js'] },
    })
    expect(Object.keys(bundle.files).filter(path => !path.startsWith('tests/'))).toEqual(['exercise.yaml', 'reference/node/server.js'])
    const changed = withFile(files, 'submissions/accepted/plain/server.js', '// faster\n')
    expect((await readExercise(await layExercise('hello', changed))).bundle.version).not.toBe(bundle.version)
    expect(referenceOf((await readExercise(await layExercise('hello', ENDPOINT))).bundle)).toBeUndefined()
  })

  test('the version follows what grades, not the statement, the starter or the samples', async () => {
    const version = async (files: FileMap) => (await readExercise(await layExercise('late', files))).bundle.version
    const first = await version(QUERY)
    for (const path of ['README.md', 'starter/sql/query.sql', 'submissions/accepted/plain/query.sql'])
      expect(await version(withFile(QUERY, path, `${QUERY[path]} `))).toBe(first)
    for (const path of ['exercise.yaml', 'datasets/empty.sql', 'reference.sql'])
      expect(await version(withFile(QUERY, path, `${QUERY[path]} `))).not.toBe(first)
  })

  test.each<[what: string, files: FileMap, finding: Partial<Finding>]>([
    ['no exercise.yaml', withFile(QUERY, 'exercise.yaml', undefined), { file: 'exercise.yaml', message: 'is missing' }],
    ['text that is no YAML', withFile(QUERY, 'exercise.yaml', 'kind: [query\n'), { file: 'exercise.yaml', line: 2 }],
    ['a key twice', edited(QUERY, 'title:', 'kind: query\ntitle:'), { line: 2, message: 'unique' }],
    ['an unknown field', edited(QUERY, 'title:', 'titel: x\ntitle:'), { field: 'titel', line: 2, column: 1, message: 'unknown' }],
    [
      'an unknown kind',
      edited(QUERY, 'kind: query', 'kind: quiz'),
      { field: 'kind', line: 1, message: 'endpoint, query, migration, got "quiz"' },
    ],
    ['no kind', edited(QUERY, 'kind: query', ''), { field: 'kind', message: 'endpoint, query, migration, got nothing' }],
    [
      'a field of the wrong type',
      edited(QUERY, 'title: Late orders', 'title: 7'),
      { field: 'title', line: 2, message: 'expected a string, got 7' },
    ],
    ['a missing field', edited(QUERY, 'difficulty: easy\n', ''), { field: 'difficulty', message: 'easy, medium, hard, got nothing' }],
    ['a wrong choice', edited(QUERY, 'easy', 'simple'), { field: 'difficulty', line: 3, message: 'easy, medium, hard, got "simple"' }],
    [
      'a limit that is no size',
      edited(ENDPOINT, '128m', 'lots'),
      { field: 'limits.memory', line: 9, message: 'expected a size such as "256m", got "lots"' },
    ],
    ['a limit above its ceiling', edited(ENDPOINT, '128m', '64g'), { field: 'limits.memory', message: 'above the ceiling' }],
    ['an unknown limit', edited(ENDPOINT, 'memory:', 'ram:'), { field: 'limits.ram', line: 9, message: 'unknown' }],
    [
      'a path that leaves the folder',
      edited(QUERY, 'datasets/few.sql', '../few.sql'),
      { field: 'datasets.0.file', message: 'without ".."' },
    ],
    ['too few data sets', edited(QUERY, /.*id: empty.*\n/, ''), { field: 'datasets', message: 'at least 2 items, got 1' }],
    [
      'a task that is no heading',
      edited(QUERY, 'title: No orders at all', 'title: not a heading'),
      { field: 'tasks.1.title', message: 'README.md' },
    ],
    ['a task twice', edited(QUERY, 'id: none', 'id: late'), { field: 'tasks.1.id', message: 'twice' }],
    ['a data set of no task', edited(QUERY, 'task: none', 'task: nil'), { field: 'datasets.1.task', message: 'late, none, got "nil"' }],
    ['a data set twice', edited(QUERY, 'id: empty', 'id: few'), { field: 'datasets.1.id', message: 'twice' }],
    ['no visible data set', edited(QUERY, 'visible', 'hidden'), { field: 'datasets', message: 'visible' }],
    [
      'a missing data set',
      withFile(QUERY, 'datasets/few.sql', undefined),
      { field: 'datasets.0.file', message: 'there is no datasets/few.sql' },
    ],
    ['a missing schema', withFile(QUERY, 'schema.sql', undefined), { field: 'schema', message: 'there is no schema.sql' }],
    ['no statement', withFile(QUERY, 'README.md', undefined), { file: 'README.md', message: 'is missing' }],
    ['no starter', withFile(QUERY, 'starter/sql/query.sql', undefined), { file: 'starter/sql', message: 'at least one file' }],
    [
      'a starter that may not be handed in',
      { ...QUERY, 'starter/sql/notes.txt': 'x' },
      { file: 'starter/sql', field: 'notes.txt', message: 'takes only' },
    ],
    ['a starter of no runtime', { ...QUERY, 'starter/perl/query.sql': 'x' }, { file: 'starter/perl/query.sql', message: 'starter/sql/' }],
    [
      'an entry that is not editable',
      edited(ENDPOINT, 'entry: server.js', 'entry: main.ts'),
      { field: 'runtimes.node.entry', message: '"main.ts"' },
    ],
    [
      'a reference that is not there',
      edited(ENDPOINT, 'limits:', 'reference: submissions/accepted/none\nlimits:'),
      { field: 'reference', message: 'there is no submissions/accepted/none' },
    ],
    [
      'a reference that is no accepted sample',
      edited(ENDPOINT, 'limits:', 'reference: submissions/wrong_answer/plain\nlimits:'),
      { field: 'reference', message: 'expected the folder of an accepted sample' },
    ],
    [
      'a reference without its entry file',
      {
        ...edited(ENDPOINT, 'limits:', 'reference: submissions/accepted/empty\nlimits:'),
        'submissions/accepted/empty/main.js': '',
      },
      { field: 'reference', message: 'expected server.js in submissions/accepted/empty' },
    ],
    [
      'a folder in the place of the reference',
      { ...edited(ENDPOINT, 'limits:', 'reference: submissions/accepted/plain\nlimits:'), 'reference/node/server.js': '' },
      { file: 'reference/node/server.js', message: 'give it another folder' },
    ],
    ['an unknown runtime', edited(ENDPOINT, 'node:', 'cobol:'), { field: 'runtimes.cobol' }],
    ['no runtime', edited(ENDPOINT, '  node: { entry: server.js }', '  {}'), { field: 'runtimes', message: 'node' }],
    ['no hidden tests', withFile(ENDPOINT, 'tests/hidden/canary.test.ts', undefined), { file: 'tests/hidden', message: '*.test.ts' }],
    ['a package.json beside the tests', { ...ENDPOINT, 'tests/package.json': '{}' }, { file: 'tests/package.json', message: 'only under' }],
  ])('tells of %s', async (_what, files, { message, file = 'exercise.yaml', ...place }) => {
    const folder = await layExercise('late-orders', files)
    const found = await findings(readExercise(folder))
    expect(found).toContainEqual(
      expect.objectContaining({ ...place, file: join(folder, file), message: expect.stringContaining(message ?? '') as string }),
    )
  })

  test('tells of every fault at once', async () => {
    const folder = await layExercise('Late_Orders', withFile(edited(QUERY, 'easy', 'simple'), 'README.md', undefined))
    expect((await findings(readExercise(folder))).length).toBeGreaterThanOrEqual(2)
  })

  test('follows no links and takes text only', async () => {
    const folder = await layExercise('late', QUERY)
    await symlink('/etc/passwd', join(folder, 'datasets/passwd.sql'))
    await writeFile(join(folder, 'datasets/latin.sql'), Buffer.from([0x63, 0x61, 0x66, 0xe9]))
    const found = await findings(readExercise(folder))
    expect(found.map(({ message }) => message)).toEqual(['is not text in UTF-8', expect.stringContaining('symbolic link')])
  })

  test('tells when there is no folder', async () => {
    expect(await findings(readExercise('/nowhere/at-all'))).toEqual([{ file: '/nowhere/at-all', message: expect.any(String) as string }])
  })
})

describe('reading samples', () => {
  test('lists them by their label, with what they expect', async () => {
    const samples = await readSamples(await layExercise('late', QUERY))
    expect(samples.map(({ path, files, expects }) => ({ path, files, expects }))).toEqual([
      { path: 'accepted/plain', files: { 'query.sql': 'SELECT id FROM orders;\n' }, expects: {} },
      { path: 'wrong_answer/nothing', files: { 'query.sql': 'SELECT 1 WHERE false;\n' }, expects: { score: 2, fails: ['few'] } },
    ])
  })

  test.each([
    ['a label that is no outcome', { 'submissions/wrong/x/query.sql': '' }, 'named after an outcome'],
    ['an unknown field', { 'submissions/accepted/plain/sample.yaml': 'points: 3\n' }, 'unknown'],
    ['a file where a folder belongs', { 'submissions/accepted/query.sql': '' }, 'expected a folder'],
  ])('tells of %s', async (_what, files, message) => {
    const found = await findings(readSamples(await layExercise('late', { ...QUERY, ...files })))
    expect(found.map(finding => finding.message).join('\n')).toContain(message)
  })
})

test('a broken exercise stops none of the others', async () => {
  const library = await mkdtemp(join(tmpdir(), 'assay-library-'))
  await layExercise('hello', ENDPOINT, library)
  await layExercise('late', QUERY, library)
  await layExercise('broken', withFile(QUERY, 'schema.sql', undefined), library)
  const { exercises, faults } = await readLibrary(library)
  expect(exercises.map(({ slug }) => slug)).toEqual(['hello', 'late'])
  expect(faults).toEqual([{ folder: join(library, 'broken'), findings: [expect.objectContaining({ field: 'schema' })] }])
})
