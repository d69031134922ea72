import { join, resolve } from 'node:path'
import Docker from 'dockerode'
import { afterAll, describe, expect, test } from 'vitest'
import { readExercise, type Exercise } from '../../core/read-exercise.ts'
import { readFiles } from '../../core/read-files.ts'
import type { Report } from '../../core/report.ts'
import { viewReport } from '../../core/report-view.ts'
import type { TestFact } from '../../core/tests-list.ts'
import { gradeLocally } from '../../worker/grade-local.ts'
import { collectTests } from '../../worker/grading/collect-tests.ts'
import { openDockerSandbox } from '../../worker/sandbox/docker/docker-sandbox.ts'
import { readAttacks, type Attack } from './attack.ts'

/*
 * Hostile submissions, each graded for real. After every one of them: it was not accepted, no canary is in what a learner
 * sees, the verdict is the learner's, no box of it is left, and the same process grades a benign submission at once.
 */
const exercisesFolder = resolve(import.meta.dirname, '../../exercises')
const sandbox = openDockerSandbox({})
const attacks = await readAttacks()
const exercises = new Map<string, Promise<{ exercise: Exercise; tests: TestFact[] }>>()
const benignTimes: string[] = []

function prepared(slug: string) {
  const known = exercises.get(slug) ?? prepare(slug)
  exercises.set(slug, known)
  return known
}

async function prepare(slug: string) {
  const exercise = await readExercise(join(exercisesFolder, slug))
  return { exercise, tests: await collectTests(sandbox, exercise.bundle, AbortSignal.timeout(120_000)) }
}

async function grade({ exercise: slug, files, mode }: Pick<Attack, 'exercise' | 'files' | 'mode'>): Promise<Report> {
  return gradeLocally({ sandbox, ...(await prepared(slug)), files, mode })
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
])('section %i, %s', section => {
  const own = attacks.filter(attack => attack.section === section)

  test('has at least three attacks', () => {
    expect(own.length).toBeGreaterThanOrEqual(3)
  })

  test.each(own.map(attack => [attack.folder, attack] as const))('%s', { timeout: 240_000 }, async (_, attack) => {
    for (let count = 0; count < attack.times; count++) {
      const report = await grade(attack)
      const why = JSON.stringify({ reason: report.reason, output: report.output?.all.slice(-2000) })
      expect(attack.outcomes, why).toContain(report.outcome)
      expect(report.fault, why).toBe('learner')
      expect(report.score.earned, why).toBeLessThanOrEqual(attack.earns)
      const seen = JSON.stringify(viewReport(report, { role: 'learner' }))
      for (const canary of attack.canaries) expect(seen, `what a learner sees of ${attack.folder}`).not.toContain(canary)
      if (attack.proof !== undefined) expect(report.output?.all ?? '').toMatch(new RegExp(attack.proof))
      expect(await leftBoxes()).toEqual([])
    }
    const benign = await gradeBenign()
    benignTimes.push(`${attack.folder}: ${Math.round(benign.timings['total'] ?? 0)} ms`)
    expect(benign.outcome, JSON.stringify(benign.reason)).toBe('accepted')
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

afterAll(() => console.log(`benign submissions right after an attack\n${benignTimes.join('\n')}`))
