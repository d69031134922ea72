import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pc from 'picocolors'
import { expect, test } from 'vitest'
import { writeDatasets } from '../../cli/check/write-datasets.ts'
import { mutantLines, placeOf } from '../../cli/render/mutants.ts'
import type { QueryManifest } from '../../core/exercise.ts'
import type { MutantCheck } from '../../core/mutant-check.ts'
import { readExercise } from '../../core/read-exercise.ts'
import { readSamples } from '../../core/read-samples.ts'
import { tempFolder } from '../support/temp-folder.ts'

const CHECK: MutantCheck = {
  run: 9,
  killed: 6,
  survivors: [
    { rule: 'join-kind', position: 3, words: 'JOIN instead of LEFT JOIN with b' },
    { rule: 'comparison-bound', position: 5, words: '`<` instead of `<=` in a <= 1', sample: 0 },
  ],
  notToldApart: [{ rule: 'distinct-added', position: 1, words: 'SELECT DISTINCT instead of SELECT' }],
  tries: 400,
  datasets: [
    { sql: 'INSERT INTO payments (id, amount) VALUES\n  (1, 2);', rows: 1, kills: [1], fails: [0] },
    { sql: 'INSERT INTO payments (id, amount) VALUES\n  (1, NULL);', rows: 1, kills: [0, 1], fails: [0, 1] },
  ],
  cutShort: false,
}

test('data sets are added to an exercise, hidden and with a category, and all else in it stays', async () => {
  using folder = tempFolder()
  const exercise = join(folder.path, 'call-list')
  cpSync('exercises/call-list', exercise, { recursive: true })
  const before = await readExercise(exercise)
  const text = readFileSync(join(exercise, 'exercise.yaml'), 'utf8')

  const samples = await readSamples(exercise)
  const written = await writeDatasets(before, samples, CHECK)
  const after = await readExercise(exercise)
  const [old, added] = [before, after].map(each => (each.manifest as QueryManifest).datasets)
  expect(added!.slice(0, old!.length)).toEqual(old)
  expect(added!.slice(old!.length)).toMatchObject(
    written.map((file, index) => ({
      file,
      id: file.slice('datasets/'.length, -'.sql'.length),
      task: 'quiet',
      visibility: 'hidden',
      points: 0,
      category: ['values at a boundary', 'rows without a partner'][index],
    })),
  )
  expect(readFileSync(join(exercise, 'exercise.yaml'), 'utf8').startsWith(text.trimEnd())).toBe(true)
  expect(readFileSync(join(exercise, written[1]!), 'utf8')).toBe(
    '-- Tells reference.sql from the same query with\n--   JOIN instead of LEFT JOIN with b\n--   `<` instead of `<=` in a <= 1, in accepted/lateral\nINSERT INTO payments (id, amount) VALUES\n  (1, NULL);\n',
  )
  const ids = written.map(file => file.slice('datasets/'.length, -'.sql'.length))
  const fails = (await readSamples(exercise)).filter(({ outcome }) => outcome === 'wrong_answer').map(({ expects }) => expects.fails)
  const failed = samples.filter(({ outcome }) => outcome === 'wrong_answer').map(({ expects }) => expects.fails!)
  expect(fails).toEqual([[...failed[0]!, ...ids], [...failed[1]!, ids[1]], ...failed.slice(2)])
  // A second time takes other names.
  expect(new Set([...written, ...(await writeDatasets(after, samples, CHECK))]).size).toBe(4)
})

test('without survivors nothing is written', async () => {
  const exercise = await readExercise('exercises/call-list')
  expect(await writeDatasets(exercise, [], { ...CHECK, survivors: [], datasets: [] })).toEqual([])
})

test.each([
  ['a\nb', 3, { line: 2, column: 1 }],
  ['a\nbc', 4, { line: 2, column: 2 }],
  ['😀b', 2, { line: 1, column: 2 }],
  ['\uFEFFa\nb', 3, { line: 2, column: 1 }],
])('the place in %j of character %i', (text, position, place) => {
  expect(placeOf({ position }, text)).toEqual(place)
})

test('the report counts mutants, shows the rows that kill survivors, and names those that nothing tells apart', () => {
  expect(
    mutantLines(
      { check: CHECK, reference: 'a\nb\nlonger', accepted: [{ path: 'accepted/plain', text: 'a\n\n\nb' }] },
      { width: 100, colours: pc.createColors(false) },
    ),
  ).toEqual([
    '✗ 9 mutants of the reference and the accepted samples: 6 killed, 2 survivors, 1 not told apart by',
    '400 generated data sets',
    '  These rows kill accepted/plain 4:1 `<` instead of `<=` in a <= 1',
    '    INSERT INTO payments (id, amount) VALUES',
    '      (1, 2);',
    '  These rows kill 2:1 JOIN instead of LEFT JOIN with b; accepted/plain 4:1 `<` instead of `<=` in',
    '    a <= 1',
    '    INSERT INTO payments (id, amount) VALUES',
    '      (1, NULL);',
    '  Not told apart, so most likely the same in other words: 1:1 SELECT DISTINCT instead of SELECT',
  ])
})
