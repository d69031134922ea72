import { expect, test } from 'vitest'
import { bundleOf, collect, grade, hiddenFile } from '../../support/examiner-harness.ts'

const IMPORT = `import { test, expect } from 'assay'\n`
const fine = `${IMPORT}test('fine', { id: 'fine', task: 'one' }, () => { throw new Error('it was run') })`

test('lists every test with its facts, visible files first, without running one', async () => {
  const list = await collect(
    bundleOf(
      {
        'tests/hidden/a.test.ts': `${IMPORT}
          import { limit } from '../helpers.ts'
          test('A', { id: 'a', task: 'one', points: 3, category: 'validation', feedback: 'message', hint: 'Think.', timeLimitMs: limit }, () => { throw 1 })
          test('B', { id: 'b', task: 'two', visibility: 'after_due' }, () => {})`,
        'tests/visible/z.test.ts': `${IMPORT}
          enum Never { typed }
          test('Z', { id: 'z', task: 'one' }, () => {})`.replace('enum Never { typed }', 'type Never = 1'),
        'tests/helpers.ts': `export const limit: number = 1234`,
        'tests/visible/notes.md': 'no test',
      },
      { limits: { test: '3s' } },
    ),
  )
  expect(list).toEqual({
    type: 'collected',
    nonce: 'n'.repeat(32),
    tests: [
      {
        id: 'z',
        name: 'Z',
        task: 'one',
        points: 0,
        visibility: 'visible',
        feedback: 'category',
        timeLimitMs: 3000,
        file: 'tests/visible/z.test.ts',
      },
      {
        id: 'a',
        name: 'A',
        task: 'one',
        points: 3,
        visibility: 'hidden',
        category: 'validation',
        feedback: 'message',
        hint: 'Think.',
        timeLimitMs: 1234,
        file: 'tests/hidden/a.test.ts',
      },
      {
        id: 'b',
        name: 'B',
        task: 'two',
        points: 1,
        visibility: 'after_due',
        feedback: 'category',
        timeLimitMs: 3000,
        file: 'tests/hidden/a.test.ts',
      },
    ],
  })
})

test.each([
  ['a throw while loading', `throw new Error('not today')`, 'not today\n\nat tests/hidden/a.test.ts:2:7'],
  ['an import that is not there', `import './nowhere.ts'`, 'Cannot find module'],
  ['a package that is not assay', `import 'express'`, "Cannot find package 'express'"],
  [
    'a syntax error',
    `const = 1`,
    'SyntaxError: Unexpected token `=`. Expected yield, an identifier, [ or {\n\nat tests/hidden/a.test.ts:2',
  ],
  ['TypeScript that is not erasable', `enum A { b }`, 'TypeScript enum is not supported'],
  ['no test', ``, 'has no test; call test(…) at its top level'],
  ['an id in capitals', `test('x', { id: 'Bad', task: 'one' }, () => {})`, 'test("x"): facts.id: lower-case letters, digits and hyphens'],
  ['a misspelt fact', `test('x', { id: 'x', task: 'one', point: 1 }, () => {})`, 'test("x"): facts: Unrecognized key: "point"'],
  ['negative points', `test('x', { id: 'x', task: 'one', points: -1 }, () => {})`, 'test("x"): facts.points: Too small'],
  ['a limit above the ceiling', `test('x', { id: 'x', task: 'one', timeLimitMs: 1e6 }, () => {})`, 'test("x"): facts.timeLimitMs: Too big'],
  ['no function', `test('x', { id: 'x', task: 'one' })`, 'test("x"): expected a function as the third argument, got undefined'],
  ['an unknown task', `test('x', { id: 'x', task: 'three' }, () => {})`, 'test "x": expected a task of one, two, got "three"'],
  [
    'an id twice',
    `test('x', { id: 'x', task: 'one' }, () => {}); test('y', { id: 'x', task: 'one' }, () => {})`,
    'the id "x" stands in tests/hidden/a.test.ts already',
  ],
  [
    'a visible test among the hidden ones',
    `test('a', { id: 'x', task: 'one', visibility: 'visible' }, () => {})`,
    'a test with visibility "visible" belongs in tests/visible/',
  ],
])('an exercise with %s is broken: file and words', async (_what, code, words) => {
  const list = await collect(bundleOf({ ...hiddenFile(code) }))
  expect(list).toMatchObject({ type: 'broken', file: 'tests/hidden/a.test.ts' })
  expect((list as { message: string }).message).toContain(words)
  expect((list as { message: string }).message).not.toContain('/exercise/')
})

test('every broken file is named', async () => {
  const list = await collect(bundleOf({ 'tests/visible/v.test.ts': 'throw 1', 'tests/hidden/h.test.ts': '' }))
  expect(list).toMatchObject({ type: 'broken', file: 'tests/visible/v.test.ts' })
  expect((list as { message: string }).message).toBe('The test threw 1\ntests/hidden/h.test.ts: has no test; call test(…) at its top level')
})

test('an exercise without tests is broken', async () => {
  expect(await collect(bundleOf({ 'tests/helpers.ts': '' }))).toMatchObject({
    type: 'broken',
    file: 'tests',
    message: 'expected at least one file named *.test.ts in tests/visible/ or tests/hidden/, got none',
  })
})

test('a file that waits for ever is named', async () => {
  const list = await collect(bundleOf({ 'tests/hidden/h.test.ts': 'await new Promise(() => setInterval(() => {}, 1000))' }))
  expect(list).toMatchObject({ type: 'broken', file: 'tests/hidden/h.test.ts', message: 'did not finish loading within 10 s' })
})

test('test() inside a test is refused there', async () => {
  const { results } = await grade(
    bundleOf({
      'tests/hidden/a.test.ts': fine.replace(`throw new Error('it was run')`, `test('inner', { id: 'i', task: 'one' }, () => {})`),
    }),
  )
  expect(results['fine']!.message).toContain('test("inner") was called after its file had been loaded')
})

test('files stay inside the exercise’s folder', async () => {
  expect(await collect(bundleOf({ '../evil.ts': '1', 'tests/hidden/a.test.ts': fine }))).toMatchObject({
    type: 'broken',
    message: expect.stringContaining('"../evil.ts" would stand outside of the exercise'),
  })
})
