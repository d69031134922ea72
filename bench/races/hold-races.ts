import { failedTests } from '../../cli/check/hold-sample.ts'
import type { Pool } from '../../cli/pool.ts'
import type { Outcome } from '../../core/outcome.ts'
import { readExercise } from '../../core/read-exercise.ts'
import { readSamples, type Sample } from '../../core/read-samples.ts'
import type { TestFact } from '../../core/tests-list.ts'
import { gradeLocally } from '../../worker/grade-local.ts'
import { collectTests } from '../../worker/grading/collect-tests.ts'
import type { Sandbox } from '../../worker/sandbox/sandbox.ts'

/** What became of all runs of one sample. */
export type HeldSample = {
  exercise: string
  sample: string
  /** Caught when it is not accepted; the other samples are right and must be accepted. */
  racy: boolean
  runs: number
  /** As they should end: accepted, or for a racy one caught. */
  held: number
  /** How often each test failed. */
  failed: Record<string, number>
  /** The runs that ended otherwise; `assay grade … --seed` draws the same data and the same order again, the machine's own time it can't. */
  otherwise: { seed: number; outcome: Outcome; failed: string[] }[]
  gradeMs: number[]
}

export type RaceWork = {
  sandbox: Sandbox
  pool: Pool
  runs: number
  signal: AbortSignal
  onGraded?: (done: number, of: number) => void
}

/** Grades the accepted and the racy samples of these exercises, each `runs` times, in turn, each time with another seed. */
export async function holdRaces(folders: readonly string[], { sandbox, pool, runs, signal, onGraded }: RaceWork): Promise<HeldSample[]> {
  const held: { found: HeldSample; run: () => Promise<void> }[] = []
  for (const folder of folders) {
    const [exercise, samples] = [await readExercise(folder), await readSamples(folder)]
    if (!samples.some(({ expects }) => expects.racy)) continue
    const tests = await collectTests(sandbox, exercise.bundle, signal)
    for (const sample of samples.filter(({ outcome, expects }) => outcome === 'accepted' || expects.racy)) {
      const found = nothingHeld(exercise.slug, sample, runs)
      held.push({ found, run: () => runOnce(found, exercise, sample, tests) })
    }
  }
  let done = 0
  await Promise.all(
    Array.from({ length: runs }, () => held)
      .flat()
      .map(({ run }) => pool(() => run()).then(() => onGraded?.(++done, held.length * runs))),
  )
  return held.map(({ found }) => found)

  async function runOnce(
    found: HeldSample,
    exercise: Awaited<ReturnType<typeof readExercise>>,
    { files, expects }: Sample,
    tests: readonly TestFact[],
  ): Promise<void> {
    signal.throwIfAborted()
    const { runtime } = expects
    const report = await gradeLocally({ sandbox, exercise, files, tests, signal, ...(runtime && { runtime }) })
    if (report.outcome === 'grader_error') throw new Error(`${found.exercise} ${found.sample}: ${report.reason?.message}`)
    const failed = failedTests(report).map(({ id }) => id)
    for (const id of failed) found.failed[id] = (found.failed[id] ?? 0) + 1
    found.gradeMs.push(report.timings['total'] ?? 0)
    if ((report.outcome === 'accepted') !== found.racy) found.held++
    else found.otherwise.push({ seed: report.seed, outcome: report.outcome, failed })
  }
}

function nothingHeld(exercise: string, { path, expects }: Sample, runs: number): HeldSample {
  return { exercise, sample: path, racy: expects.racy ?? false, runs, held: 0, failed: {}, otherwise: [], gradeMs: [] }
}

/** A right program is never refused; a racy one may slip through once in 200 runs. */
export function isGoodEnough({ racy, runs, held }: Pick<HeldSample, 'racy' | 'runs' | 'held'>): boolean {
  return runs - held <= (racy ? Math.floor(runs / 200) : 0)
}
