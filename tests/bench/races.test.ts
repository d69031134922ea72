import { appendFile, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { holdRaces, isGoodEnough, type HeldSample } from '../../bench/races/hold-races.ts'
import { keepRun, readRuns, type Run } from '../../bench/races/run-log.ts'
import { textOf } from '../../bench/races/text.ts'
import { createPool } from '../../cli/pool.ts'
import { openDockerSandbox } from '../../worker/sandbox/docker/docker-sandbox.ts'

test('five runs: no right program is refused, every racy one is caught', async () => {
  const folder = join(import.meta.dirname, '../../exercises/village-cinema')
  const held = await holdRaces([folder], {
    sandbox: openDockerSandbox({}),
    pool: createPool(2),
    runs: 5,
    signal: new AbortController().signal,
  })
  expect(held.map(({ sample, racy, held: times }) => [sample, racy, times])).toEqual([
    ['accepted/locked-show', false, 5],
    ['accepted/serializable', false, 5],
    ['wrong_answer/counts-in-the-statement', true, 5],
    ['wrong_answer/counts-without-a-lock', true, 5],
    ['wrong_answer/locks-after-counting', true, 5],
    ['wrong_answer/looks-for-the-email-first', true, 5],
  ])
}, 300_000)

test.each([
  ['every run of a right program', { racy: false, runs: 200, held: 200 }, true],
  ['all but one of a right program', { racy: false, runs: 200, held: 199 }, false],
  ['all but one of 200 of a racy one', { racy: true, runs: 200, held: 199 }, true],
  ['all but two of 200 of a racy one', { racy: true, runs: 200, held: 198 }, false],
  ['all but one of five of a racy one', { racy: true, runs: 5, held: 4 }, false],
])('%s as it should be', (_, sample, good) => {
  expect(isGoodEnough(sample)).toBe(good)
})

test('the table tells what was missed, and by which seed it can be looked at', () => {
  const sample: HeldSample = {
    exercise: 'bank',
    sample: 'wrong_answer/racy',
    racy: true,
    runs: 4,
    held: 3,
    failed: { twice: 3, once: 1 },
    otherwise: [{ exercise: 'bank', sample: 'wrong_answer/racy', files: 'f', seed: 77, outcome: 'accepted', failed: [], gradeMs: 900 }],
    gradeMs: [900, 1000, 1100],
  }
  const machine = {
    cores: 2,
    processor: 'x',
    memoryBytes: 2 ** 30,
    kernel: '6',
    node: 'v24',
    engine: '20',
    runtimes: [],
    cgroupVersion: '1',
    storageDriver: 'overlay2',
  }
  const text = textOf({ machine, runs: 4, seconds: 12.4, samples: [sample] })
  expect(text).toMatch(/bank wrong_answer\/racy +caught +3 of 4 +MISSED +1,000 ms +twice 3, once 1/)
  expect(text).toContain('bank wrong_answer/racy: accepted (seed 77)')
})

test('runs that were kept are read again, but for one that was cut off', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'races-')), 'runs')
  const run = (seed: number): Run => ({
    exercise: 'bank',
    sample: 'accepted/locks',
    files: 'f',
    seed,
    outcome: 'accepted',
    failed: [],
    gradeMs: 900,
  })
  expect(await readRuns(file)).toEqual([])
  await keepRun(file, run(1))
  await appendFile(file, '{"exercise":"ba')
  expect(await readRuns(file)).toEqual([run(1)])
  await keepRun(file, run(2))
  expect(await readRuns(file)).toEqual([run(1), run(2)])
})
