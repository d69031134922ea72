import { join, resolve } from 'node:path'
import Docker from 'dockerode'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { readExercise, type Exercise } from '../../core/read-exercise.ts'
import { readFiles } from '../../core/read-files.ts'
import type { Report } from '../../core/report.ts'
import type { TestFact } from '../../core/tests-list.ts'
import type { GradingEvent } from '../../core/worker-api.ts'
import { gradeLocally } from '../../worker/grade-local.ts'
import { collectTests } from '../../worker/grading/collect-tests.ts'
import { openDockerSandbox } from '../../worker/sandbox/docker/docker-sandbox.ts'
import { readAttacks, type Attack } from './attack.ts'
import { breaches } from './breaches.ts'

/*
 * Hostile submissions, each graded for real. After every one of them: it was not accepted, no canary is in what a learner
 * sees, the verdict is the learner's, no box of it is left, and the same process grades a benign submission at once.
 */
const exercisesFolder = resolve(import.meta.dirname, '../../exercises')
const sandbox = openDockerSandbox({})
const attacks = await readAttacks()
const exercises = new Map<string, Promise<{ exercise: Exercise; tests: TestFact[] }>>()
const benignTimes: string[] = []
const outcomes: string[] = []
/** In the environment of the process that grades; no box may ever have it. */
const WORKER_SECRET = 'CANARY-of-the-worker'
vi.stubEnv('ASSAY_TOKEN', WORKER_SECRET)
const pid = process.pid

function prepared(slug: string) {
  const known = exercises.get(slug) ?? prepare(slug)
  exercises.set(slug, known)
  return known
}

async function prepare(slug: string) {
  const exercise = await readExercise(join(exercisesFolder, slug))
  return { exercise, tests: await collectTests(sandbox, exercise.bundle, AbortSignal.timeout(120_000)) }
}

async function grade(
  { exercise: slug, files, mode }: Pick<Attack, 'exercise' | 'files' | 'mode'>,
  onEvent: (event: GradingEvent) => void = () => {},
): Promise<Report> {
  return gradeLocally({ sandbox, ...(await prepared(slug)), files, mode, onEvent })
}

async function gradeBenign(): Promise<Report> {
  const { files } = await readFiles(join(exercisesFolder, 'parcel-lockers/submissions/accepted/plain-http'))
  const { 'sample.yaml': _, ...handedIn } = files
  return grade({ exercise: 'parcel-lockers', files: handedIn, mode: 'run' })
}

/** Boxes that this process made and that are still there, running or not. */
async function leftBoxes(): Promise<string[]> {
  const all = await new Docker().listContainers({ all: true, filters: JSON.stringify({ label: ['assay.box'] }) })
  return all.filter(({ Labels }) => Labels['assay.grading']?.startsWith(`local-${process.pid}-`)).map(({ Names }) => Names[0]!)
}

describe.each([
  [1, 'reading tests or answers'],
  [2, 'forging the verdict'],
  [4, 'exhaustion'],
  [8, 'PostgreSQL'],
])('section %i, %s', section => {
  const own = attacks.filter(attack => attack.section === section)

  test('has its samples', () => {
    expect(own.length).toBeGreaterThanOrEqual(section === 8 ? 1 : 3)
  })

  test.each(own.map(attack => [attack.folder, attack] as const))('%s', { timeout: 240_000 }, async (_, attack) => {
    for (let count = 0; count < attack.times; count++) {
      const events: GradingEvent[] = []
      const report = await grade(attack, event => events.push(event))
      const { tests } = await prepared(attack.exercise)
      outcomes.push(`${attack.folder.padEnd(24)} ${report.outcome.padEnd(16)} ${attack.tries}`)
      const why = JSON.stringify({ reason: report.reason, output: report.output?.all.slice(-2000) })
      expect(breaches({ attack, report, events, tests, secrets: [WORKER_SECRET] }), why).toEqual([])
      if (attack.proof !== undefined) expect(report.output?.all ?? '').toMatch(new RegExp(attack.proof))
      expect(await leftBoxes()).toEqual([])
    }
    const benign = await gradeBenign()
    benignTimes.push(`${attack.folder}: ${Math.round(benign.timings['total'] ?? 0)} ms`)
    expect(benign.outcome, JSON.stringify(benign.reason)).toBe('accepted')
    expect(process.pid).toBe(pid)
  })
})

test('the canaries are there to be found', async () => {
  for (const { exercise, canaries, folder } of attacks.filter(attack => attack.section === 1)) {
    const { bundle } = (await prepared(exercise)).exercise
    const hidden = Object.entries(bundle.files).filter(([path]) => path.startsWith('tests/hidden/'))
    const visible = Object.entries(bundle.files).filter(([path]) => path.startsWith('tests/visible/'))
    const known = canaries.filter(canary => hidden.some(([, text]) => text.includes(canary)))
    expect(
      known.filter(canary => visible.some(([, text]) => text.includes(canary))),
      folder,
    ).toEqual([])
    if (['fs-walk', 'proc-scan', 'echo-exfil', 'log-exfil'].some(name => folder.endsWith(name))) expect(known, folder).not.toEqual([])
  }
})

afterAll(() => {
  console.log(`attack → outcome\n${outcomes.join('\n')}\n\nbenign submissions right after an attack\n${benignTimes.join('\n')}`)
})
