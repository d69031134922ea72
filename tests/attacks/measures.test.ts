import { join } from 'node:path'
import Docker from 'dockerode'
import { beforeAll, describe, expect, test } from 'vitest'
import { readExercise } from '../../core/read-exercise.ts'
import { gradeLocally } from '../../worker/grade-local.ts'
import { openDockerSandbox } from '../../worker/sandbox/docker/docker-sandbox.ts'
import { ensureImages } from '../../worker/sandbox/docker/images.ts'
import { readAttacks, type SubmissionAttack } from './attack.ts'
import { diedAt } from './death.ts'
import { unevenness, watchingMemory } from './flatness.ts'
import { rememberingBoxes } from './residue.ts'

/*
 * What two promises of the corpus come to in figures: however much a program prints, the process that grades stays as it is;
 * however little a program heeds signals, it is dead soon after its limit.
 */
const DEAD_WITHIN_MS = 2000
const attacks = (await readAttacks()).filter(attack => attack.kind !== 'platform')
const ofNumber = (number: number) => attacks.find(attack => attack.number === number)!
const exerciseOf = (attack: SubmissionAttack) => readExercise(join(import.meta.dirname, 'exercises', attack.exercise))

beforeAll(() => ensureImages({ log: () => {} }), 300_000)

describe('the memory of the process that grades stays flat', () => {
  // The first grading of a process loads the worker's code, and is no measure.
  beforeAll(async () => {
    const attack = ofNumber(50)
    await gradeLocally({ sandbox: openDockerSandbox({}), exercise: await exerciseOf(attack), files: attack.files, mode: attack.mode })
  }, 120_000)

  test.each([50, 51, 52])('under attack %d', { timeout: 120_000 }, async number => {
    const attack = ofNumber(number)
    const exercise = await exerciseOf(attack)
    const watched = watchingMemory(openDockerSandbox({}))
    const { files, mode } = attack
    const { result: report, memory } = await watched.during(() => gradeLocally({ sandbox: watched.sandbox, exercise, files, mode }))
    console.log(
      `${attack.folder}: ${memory.before} MiB before, ${memory.peak} at most, ${memory.after} after ${report.output?.bytes} bytes`,
    )
    expect(report.outcome).toBe('output_limit')
    expect(memory.peak).toBeGreaterThanOrEqual(memory.before)
    expect(unevenness(memory)).toBeUndefined()
  })

  test.each([
    [{ before: 100, peak: 150, after: 110 }, undefined],
    [{ before: 100, peak: 400, after: 110 }, expect.stringContaining('grew by 300 MiB')],
    [{ before: 100, peak: 150, after: 150 }, expect.stringContaining('kept 50 MiB')],
  ])('%o is told apart', (memory, found) => expect(unevenness(memory)).toEqual(found))
})

test('a program that ignores every signal is dead two seconds after its limit', { timeout: 120_000 }, async () => {
  const attack = ofNumber(55)
  const exercise = await exerciseOf(attack)
  const sandbox = rememberingBoxes(openDockerSandbox({}))
  const since = Date.now()
  let testing = 0
  const onEvent = (event: { type: string; phase?: string }) => void (event.phase === 'testing' && (testing = Date.now()))
  const report = await gradeLocally({ sandbox, exercise, files: attack.files, mode: 'run', onEvent })
  expect(report).toMatchObject({ outcome: 'time_limit', tests: [{ status: 'timed_out' }] })
  const late = (await diedAt(new Docker(), sandbox.opened, since)) - testing - report.tests[0]!.timeLimitMs
  console.log(`${attack.folder}: dead ${Math.round(late)} ms after the limit`)
  expect(late).toBeGreaterThan(0)
  expect(late).toBeLessThanOrEqual(DEAD_WITHIN_MS)
})
