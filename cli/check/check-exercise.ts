import { GraderError, InvalidInput, type Finding } from '../../core/errors.ts'
import type { Kind, QueryManifest } from '../../core/exercise.ts'
import type { MutantCheck } from '../../core/mutant-check.ts'
import type { Outcome } from '../../core/outcome.ts'
import { readExercise, type Exercise } from '../../core/read-exercise.ts'
import { readSamples, type Sample } from '../../core/read-samples.ts'
import type { Report } from '../../core/report.ts'
import type { Score } from '../../core/score.ts'
import type { TestFact } from '../../core/tests-list.ts'
import { gradeLocally } from '../../worker/grade-local.ts'
import { collectTests } from '../../worker/grading/collect-tests.ts'
import type { Sandbox } from '../../worker/sandbox/sandbox.ts'
import type { Pool } from '../pool.ts'
import { budgetsOf, checkBudgets, type Budgets } from './budgets.ts'
import { failedTests, holdSample, holdStarter } from './hold-sample.ts'
import { holdLazy, lazySubmissions, type LazySubmission } from './lazy.ts'
import { locate } from './locate.ts'
import { acceptedSamples, checkMutants, textOf } from './mutants.ts'
import { checkPaces, pacesOf, type Paces } from './paces.ts'
import { checkStructure } from './structure.ts'
import { writeDatasets } from './write-datasets.ts'

/** One sample as it was graded. */
export type CheckedSample = {
  sample: string
  expected: string
  outcome: Outcome
  score: Score
  failed: string[]
  /** How the plans of a query kept to their budgets. */
  budgets: Budgets
  /** How an endpoint kept up with its reference. */
  paces: Paces
  seed: number
  gradeMs: number
  /** Ours: the sample says nothing about the exercise then. */
  graderFault: boolean
  findings: Finding[]
}

/** What was found of one exercise; `findings` holds all but those of its samples. */
export type CheckedExercise = {
  folder: string
  slug?: string
  kind?: Kind
  version?: string
  tests?: { total: number; hidden: number; points: number }
  /** Of a query whose rows are graded. */
  mutants?: CheckedMutants
  findings: Finding[]
  samples: CheckedSample[]
}

export type CheckedMutants = {
  check: MutantCheck
  /** The texts that the mutants' positions are in. */
  reference: string
  accepted: { path: string; text: string }[]
  /** The files that `--write` added, one for each data set of the check's as far as there was room. */
  written?: string[]
}

export type CheckWork = {
  sandbox: Sandbox
  /** How many boxes' work goes on at a time, over all exercises. */
  pool: Pool
  signal: AbortSignal
  /** Only samples whose path or name is one of these. */
  only?: readonly string[] | undefined
  seed?: number | undefined
  /** Whether mutants of a query's reference are tried, and what they show is written into the exercise. */
  mutants: 'no' | 'tried' | 'written'
  /** A sample was graded, or an exercise read. */
  onNews: (words: string) => void
}

/** Reads an exercise, collects its tests, and grades its samples and starters. The author's faults are findings; ours throw. */
export async function checkExercise(folder: string, work: CheckWork): Promise<CheckedExercise> {
  const { findings, samples, ...checked } = await examine(folder, work)
  return {
    ...checked,
    findings: await Promise.all(findings.map(locate)),
    samples: await Promise.all(samples.map(async sample => ({ ...sample, findings: await Promise.all(sample.findings.map(locate)) }))),
  }
}

async function examine(folder: string, work: CheckWork): Promise<CheckedExercise> {
  const [exercise, samples] = await Promise.all([orFindings(() => readExercise(folder)), orFindings(() => readSamples(folder))])
  if (exercise.findings || samples.findings) {
    return { folder, findings: [...(exercise.findings ?? []), ...(samples.findings ?? [])], samples: [] }
  }
  const { slug, manifest, bundle } = exercise.value
  const about = { folder, slug, kind: manifest.kind, version: bundle.version }

  const tests = await work.pool(() => orBroken(folder, () => collectTests(work.sandbox, bundle, work.signal)))
  if (tests.findings) return { ...about, findings: tests.findings, samples: [] }
  const facts = {
    total: tests.value.length,
    hidden: tests.value.filter(test => test.visibility !== 'visible').length,
    points: tests.value.reduce((sum, test) => sum + test.points, 0),
  }
  const chosen = samples.value.filter(({ path, name }) => !work.only || work.only.includes(path) || work.only.includes(name))
  const trying = work.only === undefined && work.mutants !== 'no'
  const mutants = trying ? work.pool(() => checkMutants(exercise.value, samples.value, work)) : undefined
  const [tried, ...graded] = await Promise.all([
    mutants,
    ...chosen.map(sample => work.pool(() => gradeSample(exercise.value, sample, tests.value, work))),
    ...(work.only === undefined ? Object.keys(exercise.value.starter) : []).map(runtime =>
      work.pool(() => gradeStarter(exercise.value, runtime as keyof Exercise['starter'], tests.value, work)),
    ),
    ...(work.only === undefined ? lazySubmissions(exercise.value) : []).map(lazy =>
      work.pool(() => gradeLazy(exercise.value, lazy, tests.value, work)),
    ),
  ])
  const check = tried?.check
  const written = check && work.mutants === 'written' ? await writeDatasets(exercise.value, samples.value, check) : undefined
  // Of one sample nothing is known that another has to prove.
  const proofs = work.only === undefined ? [...checkBudgets(exercise.value, graded), ...checkPaces(exercise.value, graded)] : []
  return {
    ...about,
    tests: facts,
    ...(check && {
      mutants: {
        check,
        reference: bundle.files[(manifest as QueryManifest).reference] ?? '',
        accepted: acceptedSamples(samples.value).map(sample => ({ path: sample.path, text: textOf(sample) })),
        ...(written && { written }),
      },
    }),
    findings: [...checkStructure(exercise.value, tests.value, samples.value), ...proofs, ...(tried?.findings ?? [])],
    samples: graded,
  }
}

async function gradeSample(exercise: Exercise, sample: Sample, tests: readonly TestFact[], work: CheckWork): Promise<CheckedSample> {
  const report = await grade(exercise, { files: sample.files, tests, runtime: sample.expects.runtime }, work)
  return checked(exercise, sample.path, sample.outcome, report, holdSample(sample, report), work)
}

async function gradeStarter(
  exercise: Exercise,
  runtime: keyof Exercise['starter'],
  tests: readonly TestFact[],
  work: CheckWork,
): Promise<CheckedSample> {
  const report = await grade(exercise, { files: exercise.starter[runtime]!, tests, runtime }, work)
  return checked(exercise, `starter/${runtime}`, 'not accepted', report, holdStarter(`${exercise.folder}/starter/${runtime}`, report), work)
}

async function gradeLazy(exercise: Exercise, lazy: LazySubmission, tests: readonly TestFact[], work: CheckWork): Promise<CheckedSample> {
  const report = await grade(exercise, { files: lazy.files, tests, runtime: lazy.runtime }, work)
  return checked(exercise, `lazy/${lazy.name}`, 'no points', report, holdLazy(exercise.folder, lazy, report), work)
}

type ToGrade = Pick<Parameters<typeof gradeLocally>[0], 'files'> & {
  tests: readonly TestFact[]
  runtime: keyof Exercise['starter'] | undefined
}

function grade(exercise: Exercise, { files, tests, runtime }: ToGrade, { sandbox, signal, seed }: CheckWork): Promise<Report> {
  return gradeLocally({ sandbox, exercise, files, tests, signal, ...(runtime && { runtime }), ...(seed !== undefined && { seed }) })
}

function checked(
  { slug }: Exercise,
  sample: string,
  expected: string,
  report: Report,
  findings: Finding[],
  { onNews }: CheckWork,
): CheckedSample {
  onNews(`${slug} ${sample}: ${findings.length === 0 ? 'as labelled' : findings[0]!.message}`)
  return {
    sample,
    expected,
    outcome: report.outcome,
    score: report.score,
    failed: failedTests(report).map(test => test.id),
    budgets: budgetsOf(report),
    paces: pacesOf(report),
    seed: report.seed,
    gradeMs: Math.round(report.timings['total'] ?? 0),
    graderFault: report.outcome === 'grader_error' && report.reason?.code !== 'EXERCISE_BROKEN',
    findings,
  }
}

type Found<T> = { value: T; findings?: undefined } | { findings: Finding[] }

async function orFindings<T>(read: () => Promise<T>): Promise<Found<T>> {
  try {
    return { value: await read() }
  } catch (error) {
    if (error instanceof InvalidInput) return { findings: [...error.findings] }
    throw error
  }
}

/** Tests that can't be loaded are their author's fault, whoever stumbles over them. */
async function orBroken<T>(folder: string, collect: () => Promise<T>): Promise<Found<T>> {
  try {
    return { value: await collect() }
  } catch (error) {
    if (error instanceof GraderError && error.code === 'EXERCISE_BROKEN') return { findings: [{ file: folder, message: error.message }] }
    throw error
  }
}
