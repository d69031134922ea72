import type { QueryManifest } from '../../../core/exercise.ts'
import { firstOutcome } from '../../../core/outcome.ts'
import type { RowsDifference, SqlError, TestResult } from '../../../core/report.ts'
import type { FileMap } from '../../../core/submission.ts'
import type { Watch } from '../../kind.ts'
import { compareRows, type Expected } from '../comparison/compare.ts'
import { closedSqlError, openSqlError } from '../words/error-words.ts'
import { knownWords } from '../words/known-words.ts'
import { areOpen, askReading, limitsOf, openDatasets, type DatasetSessions } from '../learner-session.ts'
import type { PreparedDataset, PreparedQuery } from './prepare-query.ts'
import { readQuery } from './query-text.ts'
import { runStatement, type Failure } from '../run-statement.ts'
import { closeSession } from '../server.ts'
import { differenceSentence } from '../comparison/difference-sentence.ts'
import { canBeExplained, seekMistakes, type WrongAnswer } from './feedback/seek-mistakes.ts'
import { findingOf, type Finding } from '../words/finding.ts'
import { gradePlan } from './plan/grade-plan.ts'
import { readTables, type TableState } from '../table-state.ts'
import type { Statement } from '../parse.ts'
import { now } from '../../now.ts'

export type QueryGrading = { results: TestResult[]; finding?: Finding; sqlError?: SqlError }

/**
 * Grades a learner's statement on the data sets in `ids`, in that order. After an error, a result that is too large or a
 * lost server the rest is not run; after a time-out it is, since a slow query may still be right on less data.
 */
export async function gradeQuery(
  prepared: PreparedQuery,
  manifest: QueryManifest,
  bundleFiles: FileMap,
  submission: FileMap,
  ids: readonly string[],
  watch: Watch,
): Promise<QueryGrading> {
  const statement = await readQuery(submission, manifest.statement)
  if ('refused' in statement) {
    const { refused, sqlError } = statement
    return { results: ids.map(notRun), finding: { outcome: 'invalid_submission', ...refused }, ...(sqlError && { sqlError }) }
  }
  const began = now()
  const grading: QueryGrading = { results: [] }
  const wrong: WrongAnswer[] = []
  for (const id of ids) {
    if (grading.finding && grading.finding.outcome !== 'time_limit') {
      grading.results.push(notRun(id))
      continue
    }
    await watch.onStart(id)
    const started = now()
    const graded = await gradeDataset(prepared, manifest, prepared.datasets.get(id)!, statement)
    const durationMs = now() - started
    const result = { id, durationMs, ...graded.result }
    grading.results.push(result)
    if (graded.answer && isExplained(manifest, id) && canBeExplained(graded.answer, wrong.length)) wrong.push({ id, ...graded.answer })
    if (graded.run) {
      const explained = explain(graded.run, statement, manifest, bundleFiles, id)
      const outcomes = [grading.finding, explained.finding].flatMap(finding => finding?.outcome ?? [])
      if (firstOutcome(outcomes) !== grading.finding?.outcome) Object.assign(grading, explained)
    }
    watch.onEnd(result)
  }
  // After an error the server may not be well; near the end of the time, looking for words could cost the verdict.
  if (wrong.length > 0 && !grading.finding && now() - began < manifest.limits.total / 2) {
    const texts = { reference: bundleFiles[manifest.reference] ?? '', statement: statement.text }
    const mistakes = await seekMistakes(prepared, manifest, texts, wrong)
    for (const result of grading.results) Object.assign(result, mistakes.has(result.id) && { mistake: mistakes.get(result.id) })
  }
  return grading
}

/** Whether the learner would be told: of hidden data only where its author lets them read more than its category. */
function isExplained({ datasets }: QueryManifest, id: string): boolean {
  const { visibility, feedback } = datasets.find(dataset => dataset.id === id)!
  return visibility === 'visible' || feedback === 'message' || feedback === 'full'
}

type Graded = { result: Omit<TestResult, 'id' | 'durationMs'>; run?: Failure; answer?: Omit<WrongAnswer, 'id'> }

async function gradeDataset(
  prepared: PreparedQuery,
  manifest: QueryManifest,
  dataset: PreparedDataset,
  statement: Statement,
): Promise<Graded> {
  const { killer } = prepared
  try {
    using sessions = await takeSessions(prepared, dataset, manifest)
    const { learner, inspector } = sessions
    if (manifest.statement === 'select') {
      const run = await askReading(learner, statement.text, manifest, killer)
      if (run.type !== 'rows') return failed(run, manifest)
      const expected = dataset.expected as Expected
      const difference = compareRows(expected, run, manifest.comparison)
      if (difference) return { ...judged(difference), answer: { database: dataset.database, expected, actual: run, difference } }
      if (!dataset.budget) return judged(undefined)
      await closeSession(learner)
      const asked = { database: dataset.database, budget: dataset.budget, text: statement.text, rows: run.rows.length }
      const planned = await gradePlan(prepared, asked, manifest)
      if ('type' in planned) return failed(planned, manifest)
      const { plan, broken } = planned
      return { result: broken === undefined ? { status: 'passed', plan } : { status: 'failed', message: broken, plan } }
    }
    const run = await runStatement(learner, statement.text, limitsOf(manifest), killer)
    if (run.type !== 'rows') return failed(run, manifest)
    await closeSession(learner)
    const state = await readTables(inspector!, killer)
    if ('fault' in state) return failed(state.fault, manifest)
    return judged(compareStates(dataset.expected as TableState, state, manifest))
  } catch (error) {
    // All was well with this server until the learner's text came: whatever it can't do now is that text's doing.
    return failed({ type: 'lost', message: (error as Error).message }, manifest)
  }
}

/** Those that were opened ahead, or where they are gone, others. */
async function takeSessions(prepared: PreparedQuery, dataset: PreparedDataset, manifest: QueryManifest): Promise<DatasetSessions> {
  const { sessions } = dataset
  dataset.sessions = undefined
  if (sessions && areOpen(sessions)) return sessions
  sessions?.[Symbol.dispose]()
  const [opened] = await openDatasets(prepared, [dataset.database], manifest)
  return opened!
}

/** The first table that differs. Rows of a table have no order, and its columns are known by name. */
function compareStates(expected: TableState, actual: TableState, { comparison }: QueryManifest): RowsDifference | undefined {
  for (const [table, rows] of expected) {
    const rules = { ...comparison, order: 'unordered', columnNames: 'exact', columnOrder: 'exact' } as const
    const difference = compareRows(rows, actual.get(table) ?? { columns: [], rows: [] }, rules)
    if (difference) return { ...difference, table: table.slice(0, 200) }
  }
  return undefined
}

function judged(difference: RowsDifference | undefined): Graded {
  if (!difference) return { result: { status: 'passed' } }
  return { result: { status: 'failed', message: differenceSentence(difference), rows: difference } }
}

function failed(run: Failure, manifest: QueryManifest): Graded {
  const message =
    run.type === 'error'
      ? `${run.error.code}: ${run.error.message}`.slice(0, 4000).toWellFormed()
      : findingOf(run, manifest.limits.statement).message
  return { result: { status: run.type === 'timed_out' ? 'timed_out' : 'failed', message }, run }
}

/** What the learner reads of a failed run: on a data set that they can't see, nothing that comes from its rows. */
function explain(run: Failure, statement: Statement, manifest: QueryManifest, files: FileMap, id: string): Omit<QueryGrading, 'results'> {
  const dataset = manifest.datasets.find(candidate => candidate.id === id)!
  if (run.type !== 'error') return { finding: findingOf(run, manifest.limits.statement) }
  const place = { statement: statement.text }
  const sqlError =
    dataset.visibility === 'visible'
      ? openSqlError(run.error, place)
      : closedSqlError(run.error, place, knownWords(statement.text, files[manifest.schema] ?? ''))
  return { finding: findingOf(run, manifest.limits.statement, sqlError), sqlError }
}

function notRun(id: string): TestResult {
  return { id, status: 'not_run', durationMs: 0 }
}
