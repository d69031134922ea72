import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { samplesOf, watchFolders } from '../../cli/check/watch.ts'
import { makeExercise } from '../../cli/new/make-exercise.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { assay } from './run-assay.ts'

test('check --watch grades again what changes, and Ctrl-C ends it as the last check did', async () => {
  using parent = tempFolder()
  const { folder } = await makeExercise({ kind: 'query', slug: 'late', title: 'Late', parent: parent.path })
  const edits = [
    () => writeFileSync(join(folder, 'submissions/wrong_answer/in-any-order/query.sql'), 'SELECT 1 AS id, 2 AS name, 3 AS books\n'),
    () => appendFileSync(join(folder, 'exercise.yaml'), 'nonsense: true\n'),
  ]
  const run = await assay(['check', folder, '--no-mutants', '--watch'], {
    onError: (line, kill) => {
      if (!line.startsWith('Waiting for changes')) return
      const edit = edits.shift()
      if (edit) edit()
      else kill()
    },
  })
  expect(run.code).toBe(1)
  const [whole, one, broken] = run.out.split(/(?<=^[✓✗] 1 exercise, .*\n)/mu)
  expect(whole).toContain('1 exercise, 7 submissions graded: all as labelled.')
  expect(one).toContain('wrong_answer/in-any-order')
  // One was graded, and what was known of the others stands.
  expect(run.err).toContain('late wrong_answer/in-any-order: as labelled\n✓ Checking 1 exercise')
  expect(one).toContain('1 exercise, 7 submissions graded: all as labelled.')
  expect(broken).toMatch(/"nonsense" in .*exercise\.yaml:\d+:1/)
})

test('check --watch can’t promise one document', async () => {
  expect(await assay(['check', 'late', '--watch', '--json'])).toMatchObject({
    code: 2,
    err: expect.stringContaining("can't be given with --json"),
  })
})

test('a new folder is watched, too, and what editors leave beside a file is not', async () => {
  using folder = tempFolder()
  const end = new AbortController()
  const changed = watchFolders([folder.path], end.signal)
  mkdirSync(join(folder.path, 'submissions'))
  expect([...(await changed())!.get(folder.path)!]).toEqual(['submissions'])
  writeFileSync(join(folder.path, '.query.sql.swp'), '')
  writeFileSync(join(folder.path, 'submissions/query.sql~'), '')
  writeFileSync(join(folder.path, 'submissions/query.sql'), '')
  expect([...(await changed())!.get(folder.path)!]).toEqual(['submissions/query.sql'])
  const last = changed()
  end.abort()
  expect(await last).toBeUndefined()
})

test.each([
  [
    'files of samples',
    ['submissions/wrong_answer/echo/a.js', 'submissions/wrong_answer/echo/b.js', 'submissions/time_limit/slow/a.js'],
    ['wrong_answer/echo', 'time_limit/slow'],
  ],
  ['a test beside a sample', ['submissions/wrong_answer/echo/a.js', 'tests/hidden/a.test.ts'], undefined],
  ['an accepted sample', ['submissions/accepted/plain/a.js'], undefined],
  ['a new outcome', ['submissions/time_limit'], undefined],
])('%s', (_, paths, samples) => {
  expect(samplesOf(new Set(paths))).toEqual(samples)
})
