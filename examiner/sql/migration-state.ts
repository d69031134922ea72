import type { Client, DatabaseError } from 'pg'
import type { SchemaChange, SqlError, StatementRun } from '../../core/report.ts'
import { TestFailure } from '../test-failure.ts'
import { closedSqlError, type ErrorPlace } from './error-words.ts'
import { excerpt } from './excerpt.ts'
import { findingOf, type Finding } from './finding.ts'
import { DATABASE, resetMigration, type PreparedMigration } from './prepare-migration.ts'
import { runScripts, type StepFault } from './run-steps.ts'
import type { Failure } from './run-statement.ts'
import { findShadows } from './shadows.ts'
import type { Step } from './split.ts'
import { canMakeText, isPlainName, toldChanges } from './told-changes.ts'

/*
 * Where the learner's database is: at the old schema, at the new one, or somewhere between after a fault. A fault of `up`
 * or `down` is the submission's, not only one test's: the first of each is kept as what was found, and since the same
 * files on the same template fail in the same way, they are not run again.
 *
 * An `up` after a `down` stands on what that `down` left. Where it fails, `down` didn't lead back: a wrong answer of the
 * test that looks at this, and not to be met by the next one, for which the template is laid again.
 */
type Place = 'old' | 'new' | 'broken'
type Way = 'up' | 'down'

export class MigrationState {
  readonly #prepared: PreparedMigration
  readonly #steps: readonly Step[]
  readonly #statementMs: number
  readonly #known: ReadonlySet<string>
  readonly #faults = new Map<Way, string>()
  readonly #recorded = new Map<Way, StatementRun[]>()
  #place: Place = 'old'
  /** Since when the database stands on what the learner's `down` left. */
  #wentBack: 'never' | 'in this test' | 'before' = 'never'
  /** Undefined where the learner's files have run since somebody looked. */
  #shadows: readonly string[] | undefined = []
  /** How often the database has become another. */
  #runs = 0
  finding: Finding | undefined
  sqlError: SqlError | undefined

  constructor(prepared: PreparedMigration, steps: readonly Step[], statementMs: number, known: ReadonlySet<string>) {
    this.#prepared = prepared
    this.#steps = steps
    this.#statementMs = statementMs
    this.#known = known
  }

  /** Every statement of the first run of `up` and of `down`. */
  get statements(): StatementRun[] {
    return [...(this.#recorded.get('up') ?? []), ...(this.#recorded.get('down') ?? [])].slice(0, 1000)
  }

  /** A schema's changes without what the learner's text may have made of rows. */
  told(changes: readonly SchemaChange[]): SchemaChange[] {
    if (!canMakeText(this.#steps)) return [...changes]
    return toldChanges(changes, [this.#prepared.wanted, this.#prepared.old], this.#known)
  }

  /** The server's words on a statement of a test, which a trigger of the learner's may have raised. */
  wordsOf(error: DatabaseError): string {
    const { code, message } = closedSqlError(error, { statement: '' }, this.#known)
    return `${code}: ${message}`
  }

  /** Nothing more can be learned: `up` doesn't work, or the server is gone. */
  get ended(): boolean {
    return this.#faults.has('up') || this.finding?.code === 'server_lost'
  }

  /** The learner's functions and operators that would be called in place of PostgreSQL's own, as a session of ours finds them. */
  async shadows(session: Client): Promise<string[]> {
    const [known, runs] = [this.#shadows, this.#runs]
    const found = known ?? (await findShadows(session, this.#prepared))
    if (runs === this.#runs) this.#shadows = found
    return found.map(name => (isPlainName(name, this.#known) ? name : 'one whose words are not in your migration'))
  }

  /** The database as it was given to the learner. Once their text has run, failing to make it is that text's doing. */
  async reset(): Promise<void> {
    try {
      await resetMigration(this.#prepared, this.#statementMs)
      this.#place = 'old'
      this.#wentBack = 'never'
      this.#runs++
      this.#shadows = []
    } catch (error) {
      if (this.#recorded.size === 0) throw error
      this.lost(error)
    }
  }

  /** A test begins. */
  nextTest(): void {
    if (this.#wentBack === 'in this test') this.#wentBack = 'before'
  }

  /** A session of ours broke on a server that was well until the learner's text ran. */
  lost(error: unknown): void {
    this.finding ??= findingOf({ type: 'lost', message: (error as Error).message }, this.#statementMs)
  }

  async go(way: Way, signal: AbortSignal): Promise<void> {
    if (this.#wentBack === 'before') await this.reset()
    if (this.#place === (way === 'up' ? 'new' : 'old')) return
    const known = this.#faults.get(way)
    if (known !== undefined) throw new TestFailure(known)
    if (this.#place === 'broken' && way === 'down') {
      throw new TestFailure('down was not run: the database is not at the new schema, since a step before it failed.')
    }
    if (this.#place === 'broken') await this.reset()
    const scripts = way === 'up' ? this.#steps.map(step => step.up) : this.#steps.map(step => step.down).reverse()
    const runs: StatementRun[] = []
    if (!this.#recorded.has(way)) this.#recorded.set(way, runs)
    const { connect, killer } = this.#prepared
    this.#place = 'broken'
    const server = { connect, killer, database: DATABASE, timeMs: this.#statementMs, signal }
    const fault = await runScripts(scripts, server, run => runs.push(run))
    this.#runs++
    this.#shadows = undefined
    if (fault && way === 'up' && this.#wentBack !== 'never' && SAID.has(fault.failure.type)) {
      const { finding } = this.#explain(fault.failure, { statement: fault.statement })
      throw new TestFailure(`up works on the old schema, but not after down: ${fault.file}, statement ${fault.number}: ${finding.message}`)
    }
    if (fault) throw new TestFailure(this.#keep(way, fault))
    this.#place = way === 'up' ? 'new' : 'old'
    if (way === 'down') this.#wentBack = 'in this test'
  }

  /** Keeps a fault as what was found, and puts it in words for the test. */
  #keep(way: Way, { file, number, statement, failure }: StepFault): string {
    const { finding, sqlError } = this.#explain(failure, { file, statementNumber: number, statement })
    const message = `${file}, statement ${number}: ${finding.message}`
    this.#faults.set(way, message)
    if (!this.finding) {
      this.finding = { ...finding, message }
      this.sqlError = sqlError
    }
    return message
  }

  #explain(failure: StepFault['failure'], place: ErrorPlace): { finding: Finding; sqlError: SqlError } {
    const { statement, ...where } = place
    if (failure.type === 'open_transaction') {
      const message = 'The file ends inside a transaction that it began: COMMIT is missing.'
      const finding: Finding = { outcome: 'runtime_error', code: 'open_transaction', message }
      return { finding, sqlError: { code: '25001', message, ...where, ...excerpt(statement) } }
    }
    if (failure.type === 'error') {
      const sqlError = closedSqlError(failure.error, place, this.#known)
      return { finding: findingOf(failure, this.#statementMs, sqlError), sqlError }
    }
    const finding = findingOf(failure, this.#statementMs)
    return { finding, sqlError: { code: CODES[failure.type], message: finding.message, ...where, ...excerpt(statement) } }
  }
}

/** Failures that say something about the schema that was found, not about time or room. */
const SAID = new Set<StepFault['failure']['type']>(['error', 'open_transaction'])

/** SQLSTATEs for ends that no server put in words. */
const CODES: Record<Exclude<Failure['type'], 'error'>, string> = { timed_out: '57014', too_large: '54000', lost: '57P02' }
