import { cp, readdir, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleExaminer } from '../../worker/sandbox/docker/bundle-examiner.ts'
import { RECIPES, ROOT } from '../../worker/sandbox/docker/image-recipes.ts'
import { bundleOf, collect, grade, hiddenFile, type Assay } from '../support/examiner-harness.ts'
import { tempFolder } from '../support/temp-folder.ts'

/** The examiner as it stands in its image: everything else about it is tested from its sources (tests/examiner/). */
const folder = tempFolder()
const assay: Assay = { folder: join(folder.path, 'to'), main: 'main.js' }
afterAll(() => folder[Symbol.dispose]())

beforeAll(async () => {
  const from = join(folder.path, 'from')
  for (const part of ['core', 'examiner']) await cp(join(ROOT, part), join(from, part), { recursive: true })
  await symlink(join(ROOT, 'node_modules'), join(from, 'node_modules'))
  await bundleExaminer(from, assay.folder)
}, 60_000)

const gradeCode = async (code: string) => {
  const grading = await grade(bundleOf(hiddenFile(code)), {}, { assay })
  expect(grading.broken).toBeUndefined()
  return grading.results
}

test('a test’s failure names the line and column that its author wrote, past types that are gone', async () => {
  const results = await gradeCode(`type Wide = { a: number }
    const wrong = (it: Wide): number => { if (it.a) throw new Error('here'); return it.a as number }
    test('mine', { id: 'mine', task: 'one' }, () => void wrong({ a: 1 } satisfies Wide as Wide))
    test('expected', { id: 'expected', task: 'one' }, () => { const it: number = 1; expect(it).toBe(2) })`)
  expect(results['mine']!.message).toBe('here\n\nat tests/hidden/a.test.ts:3:59')
  expect(results['expected']!.message).toMatch(/^expected 1 to be 2[^]*at tests\/hidden\/a\.test\.ts:5:96$/)
})

test('a program is asked over HTTP, and what it gets wrong is told', async () => {
  const code = `
    test('one', { id: 'one', task: 'one' }, async ({ http }) => {
      const answer = await http.post('/things?a=b', { json: { name: 'x' } })
      expect([answer.status, answer.json]).toEqual([200, { id: 1 }])
      expect((await answer.unpacked()).text).toBe('{"id":1}')
    })
    test('two', { id: 'two', task: 'one' }, async ({ http }) => void (await http.get('/no')))`
  const asked: string[] = []
  const subject = (stream: Duplex) =>
    void stream.once('data', (chunk: Buffer) => {
      asked.push(chunk.toString().split('\r\n')[0]!)
      stream.end(
        asked.length === 1 ? 'HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\n{"id":1}' : 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{',
      )
    })
  const { results } = await grade(bundleOf(hiddenFile(code)), { subject }, { assay })
  expect(asked).toEqual(['POST /things?a=b HTTP/1.1', 'GET /no HTTP/1.1'])
  expect(results['one']).toMatchObject({ status: 'passed' })
  expect(results['two']!.message).toContain('in the middle of its answer')
})

test('what is loaded late is there: fast-check, drawn by the seed, and schemas', async () => {
  const results = await gradeCode(`
    const { integer } = fc
    test('fc', { id: 'fc', task: 'one' }, () => fc.assert(fc.property(integer(), n => n < 100)))
    test('names', { id: 'names', task: 'one' }, () => expect([Object.keys(fc).includes('string'), 'string' in fc]).toEqual([true, true]))
    test('schema', { id: 'schema', task: 'one' }, () => expect({ id: 'x' }).toMatchSchema({ properties: { id: { type: 'integer' } } }))
    test('drawn', { id: 'drawn', task: 'one' }, () => { throw new Error(String(fc.sample(fc.integer(), 2)) + random.word()) })`)
  expect(results['fc']!.message).toContain('Counterexample: [100]')
  expect(results['names']!.status).toBe('passed')
  expect(results['schema']!.message).toContain('/id must be integer')
  const fromSources = await grade(
    bundleOf(
      hiddenFile(
        "test('drawn', { id: 'drawn', task: 'one' }, () => { throw new Error(String(fc.sample(fc.integer(), 2)) + random.word()) })",
      ),
    ),
  )
  expect(results['drawn']!.message!.split('\n')[0]).toBe(fromSources.results['drawn']!.message!.split('\n')[0])
})

test('an exercise that can’t be loaded is told in the same words', async () => {
  for (const code of ['const x: = 1', 'enum A { b }', "test('One', { id: 'ONE', task: 'one' }, () => {})", "import 'undici'"]) {
    const bundle = bundleOf(hiddenFile(code))
    expect(await collect(bundle, assay)).toEqual(await collect(bundle))
  }
})

test('a fault of ours is told with the functions that it came through', async () => {
  const { broken } = await grade(
    bundleOf(hiddenFile("test('a', { id: 'a', task: 'one' }, () => {})"), { services: { postgres: { schema: 'schema.sql' } } }),
    {},
    { assay },
  )
  expect(broken).toMatchObject({
    file: 'examiner',
    message: expect.stringMatching(/^ +at #handle \(file:[^)]+\/main\.js:\d+:\d+\)$/m),
  })
})

test('nothing that is not asked for goes in: no HTTP/2, no schemas on the way to a grading', async () => {
  const names = (await readdir(assay.folder)).filter(name => name.endsWith('.js'))
  const code = Object.fromEntries(
    await Promise.all(names.map(async name => [name, await readFile(join(assay.folder, name), 'utf8')] as const)),
  )
  const loaded = (name: string, seen = new Set<string>()): Set<string> => {
    if (seen.has(name)) return seen
    seen.add(name)
    for (const [, next] of code[name]!.matchAll(/^import [^'"]*"\.\/([^"]+)"/gm)) loaded(next!, seen)
    return seen
  }
  const onTheWay = [...new Set(['main.js', 'assay.js', 'endpoint-kind.js'].flatMap(name => [...loaded(name)]))]
  expect(onTheWay.length).toBeGreaterThan(3)
  const text = onTheWay.map(name => code[name]).join('\n')
  for (const absent of ['node:http2', 'ZodObject', 'class Arbitrary', 'Ajv2020 extends']) expect(text).not.toContain(absent)
})

test('another bundler makes another image', async () => {
  expect([...(await RECIPES.examiner.sources()).keys()]).toEqual(expect.arrayContaining(['bundle-examiner.ts', 'rolldown.json']))
})
