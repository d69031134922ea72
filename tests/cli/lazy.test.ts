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
