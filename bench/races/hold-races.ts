import { randomInt } from 'node:crypto'
import { failedTests } from '../../cli/check/hold-sample.ts'
import type { Pool } from '../../cli/pool.ts'
import { contentHash } from '../../core/bundle.ts'
import { readExercise } from '../../core/read-exercise.ts'
import { readSamples, type Sample } from '../../core/read-samples.ts'
import type { TestFact } from '../../core/tests-list.ts'
import type { GradingEvent } from '../../core/worker-api.ts'
import { gradeLocally } from '../../worker/grade-local.ts'
import { collectTests } from '../../worker/grading/collect-tests.ts'
import type { Sandbox } from '../../worker/sandbox/sandbox.ts'
import type { Run } from './run-log.ts'

/** What became of all runs of one sample. */
export type HeldSample = {
  exercise: string
  sample: string
  /** Caught when it is not accepted; the other samples are right and must be accepted. */
  racy: boolean
  runs: number
  /** As they should end: accepted, or for a racy one caught. */
  held: number
  /** How often each test failed; of a racy sample only the first of a run. */
  failed: Record<string, number>
  /** The runs that ended otherwise; `assay grade … --seed` draws the same data and the same order again, the machine's own time it can't. */
  otherwise: Run[]
  gradeMs: number[]
}

export type RaceWork = {
  sandbox: Sandbox
  pool: Pool
  runs: number
  signal: AbortSignal
  /** Runs that were made before; those of the same files count. */
  before?: readonly Run[]
  onRun?: (run: Run, done: number, of: number) => Promise<void>
}

/** Grades the accepted and the racy samples of these exercises, each `runs` times, in turn, each time with another seed. */
export async function holdRaces(folders: readonly string[], work: RaceWork): Promise<HeldSample[]> {
  const samples = (await Promise.all(folders.map(folder => samplesOf(folder, work)))).flat()
  const left = samples.flatMap(({ runs, grade }) =>
    Array.from({ length: Math.max(0, work.runs - runs.length) }, (_, at) => ({ at, runs, grade })),
  )
  const of = samples.length * work.runs
  let done = of - left.length
  const inTurn = left.toSorted((one, other) => one.at - other.at)
  await Promise.all(
    inTurn.map(({ runs, grade }) =>
      work.pool(async () => {
        const run = await grade()
        runs.push(run)
        await work.onRun?.(run, ++done, of)
      }),
    ),
  )
  return samples.map(({ sample, exercise, runs }) => summaryOf(exercise, sample, runs))
}

type RacySample = { exercise: string; sample: Sample; runs: Run[]; grade: () => Promise<Run> }

async function samplesOf(folder: string, { sandbox, signal, before = [], runs }: RaceWork): Promise<RacySample[]> {
  const [exercise, samples] = [await readExercise(folder), await readSamples(folder)]
  if (!samples.some(({ expects }) => expects.racy)) return []
  const tests = await collectTests(sandbox, exercise.bundle, signal)
  return samples
    .filter(({ outcome, expects }) => outcome === 'accepted' || expects.racy)
    .map(sample => {
      const named = {
        exercise: exercise.slug,
        sample: sample.path,
        files: contentHash({ slug: exercise.bundle.version, files: sample.files }),
      }
      return {
        exercise: exercise.slug,
        sample,
        runs: before.filter(run => run.files === named.files).slice(0, runs),
        grade: async () => ({ ...named, ...(await gradeOnce(exercise, sample, tests, { sandbox, signal })) }),
      }
    })
}

/** A racy sample's grading is over with the first test that fails: nothing more is asked of it. */
async function gradeOnce(
  exercise: Awaited<ReturnType<typeof readExercise>>,
  { path, files, expects }: Sample,
  tests: readonly TestFact[],
  { sandbox, signal }: Pick<RaceWork, 'sandbox' | 'signal'>,
): Promise<Pick<Run, 'seed' | 'outcome' | 'failed' | 'gradeMs'>> {
  signal.throwIfAborted()
  const { runtime, racy } = expects
  const caught = new AbortController()
  const failed: string[] = []
  const onEvent = (event: GradingEvent) => {
    if (event.type !== 'test' || event.passed !== false || event.id === undefined) return
    failed.push(event.id)
    if (racy) caught.abort()
  }
  const seed = randomInt(2 ** 31)
  const began = performance.now()
  const grading = {
    sandbox,
    exercise,
    files,
    tests,
    seed,
    signal: AbortSignal.any([signal, caught.signal]),
    onEvent,
    ...(runtime && { runtime }),
  }
  const report = await gradeLocally(grading).catch((error: unknown) => {
    signal.throwIfAborted()
    if (!caught.signal.aborted) throw error
  })
  const gradeMs = performance.now() - began
  if (!report) return { seed, outcome: 'caught', failed, gradeMs }
  if (report.outcome === 'grader_error') throw new Error(`${exercise.slug} ${path}: ${report.reason?.message}`)
  return { seed, outcome: report.outcome, failed: failedTests(report).map(({ id }) => id), gradeMs }
}

function summaryOf(exercise: string, { path, expects }: Sample, runs: readonly Run[]): HeldSample {
  const racy = expects.racy ?? false
  const otherwise = runs.filter(({ outcome }) => (outcome === 'accepted') === racy)
  const failed: Record<string, number> = {}
  for (const id of runs.flatMap(run => run.failed)) failed[id] = (failed[id] ?? 0) + 1
  const gradeMs = runs.map(run => run.gradeMs)
  return { exercise, sample: path, racy, runs: runs.length, held: runs.length - otherwise.length, failed, otherwise, gradeMs }
}

/** A right program is never refused; a racy one may slip through once in 200 runs. */
export function isGoodEnough({ racy, runs, held }: Pick<HeldSample, 'racy' | 'runs' | 'held'>): boolean {
  return runs - held <= (racy ? Math.floor(runs / 200) : 0)
}
