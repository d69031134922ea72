import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { locate } from '../../cli/check/locate.ts'
import { tempFolder } from '../support/temp-folder.ts'

describe('a finding is told its line', () => {
  const YAML = 'title: Tasks\ntasks:\n  - { id: sign, title: Sign }\n  - id: refuse\n    title: Refuse\n'
  const TESTS =
    "import { test } from 'assay'\n\ntest('one', { id: 'sign-one', task: 'sign' }, body)\ntest(\n  'two',\n  { id: \"sign-one-more\" },\n  body,\n)\n"

  test.each([
    ['a field', 'exercise.yaml', YAML, 'title', { line: 1, column: 1 }],
    ['a field of an item', 'exercise.yaml', YAML, 'tasks.1.title', { line: 5, column: 5 }],
    ['an item', 'exercise.yaml', YAML, 'tasks.0', { line: 3, column: 5 }],
    ['a field that is missing: its parent', 'exercise.yaml', YAML, 'tasks.1.points', { line: 4, column: 5 }],
    ['a field of a text that is no YAML', 'exercise.yaml', '{', 'title', {}],
    ['a test', 'tasks.test.ts', TESTS, 'sign-one', { line: 3, column: 15 }],
    ['a test whose id another begins with', 'tasks.test.ts', TESTS, 'sign-one-more', { line: 6, column: 5 }],
    [
      'a test whose id stands twice: the later',
      'tasks.test.ts',
      `${TESTS}test('three', { id: 'sign-one' })`,
      'sign-one',
      { line: 9, column: 17 },
    ],
    ['a test whose id is made by a function', 'tasks.test.ts', TESTS, 'sign-two', {}],
  ])('%s', async (_, name, text, field, place) => {
    using folder = tempFolder()
    const file = join(folder.path, name)
    writeFileSync(file, text)
    expect(await locate({ file, field, message: 'is wrong' })).toEqual({ file, field, message: 'is wrong', ...place })
  })

  test('but not where the file is gone, or the line is known', async () => {
    const gone = { file: '/nowhere/exercise.yaml', field: 'title', message: 'is wrong' }
    expect(await locate(gone)).toBe(gone)
    const known = { ...gone, line: 7 }
    expect(await locate(known)).toBe(known)
  })
})
