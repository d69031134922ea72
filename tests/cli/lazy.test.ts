import { join } from 'node:path'
import { expect, test } from 'vitest'
import { holdLazy, lazySubmissions } from '../../cli/check/lazy.ts'
import { readExercise } from '../../core/read-exercise.ts'
import { sampleReport, sampleTest } from './sample-reports.ts'

const lazyOf = async (folder: string) => lazySubmissions(await readExercise(folder))
const names = (lazy: readonly { name: string }[]) => lazy.map(({ name }) => name)

test('each kind has its own', async () => {
  const templates = 'cli/new/templates'
  expect(names(await lazyOf(join(templates, 'endpoint')))).toEqual(['always-200', 'empty-list', 'always-404', 'always-500', 'echo'])
  expect(names(await lazyOf(join(templates, 'query')))).toEqual(['no-rows'])
  expect(names(await lazyOf(join(templates, 'migration')))).toEqual(['nothing'])
})

test('a migration of nothing is handed in as the exercise takes it', async () => {
  const exercise = await readExercise('cli/new/templates/migration')
  const manifest = { ...exercise.manifest, editable: ['steps/*.sql'] }
  expect(lazySubmissions({ ...exercise, manifest }).map(({ files }) => Object.keys(files))).toEqual([
    ['steps/01-nothing.up.sql', 'steps/01-nothing.down.sql'],
  ])
})

test.each(['grader_error', 'invalid_submission'] as const)('one that ends as %s has proven nothing', async outcome => {
  const [lazy] = await lazyOf('cli/new/templates/endpoint')
  const report = sampleReport(outcome, { score: { earned: 0, possible: 5 }, reason: { code: 'X', message: 'It fell over.' } })
  expect(holdLazy('tea', lazy!, report)).toEqual([{ file: 'tea', message: 'lazy/always-200 could not be graded: It fell over.' }])
})

test('one that earns something is a finding that names the tests', async () => {
  const [lazy] = await lazyOf('cli/new/templates/endpoint')
  const nothing = sampleReport('wrong_answer', { score: { earned: 0, possible: 5 } })
  expect(holdLazy('tea', lazy!, nothing)).toEqual([])
  const paid = sampleReport('wrong_answer', {
    score: { earned: 2, possible: 5 },
    tests: [
      sampleTest({ id: 'ok', status: 'passed', earned: 2 }),
      sampleTest({ id: 'free', status: 'passed', earned: 0 }),
      sampleTest({ id: 'no', status: 'failed', earned: 0 }),
    ],
  })
  expect(holdLazy('tea', lazy!, paid)).toEqual([
    { file: 'tea', message: expect.stringMatching(/answers 200 and \{\} .* earns 2 of 5: let ok ask/) },
  ])
})
