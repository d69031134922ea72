import type { Client, DatabaseError } from 'pg'
import { MOST_LOCKS, strongestFirst, type HeldLock } from '../../../core/locks.ts'
import type { SchemaChange, SqlError, StatementRun } from '../../../core/report.ts'
import { TestFailure } from '../../test-failure.ts'
import { closedSqlError, type ErrorPlace } from '../words/error-words.ts'
import { explainFault } from './fault-words.ts'
import { findingOf, type Finding } from '../words/finding.ts'
import { isKnownName } from '../words/known-words.ts'
import { DATABASE, resetMigration, type PreparedMigration } from './prepare-migration.ts'
import { runScripts, type RunWatch, type StepFault } from './run-steps.ts'
import { findShadows } from './shadows.ts'
import { stepOf, type Script, type Step } from '../split.ts'
import { canMakeText, isPlainName, toldChanges, toldLocks } from './told-changes.ts'

/*
 * Where the learner's database is: at the old schema, at the new one, or somewhere between after a fault. A fault of `up`
 * or `down` is the submission's, not only one test's: the first of each is kept as what was found, and since the same
 * files on the same template fail in the same way, they are not run again.
 *
 * An `up` after a `down` stands on what that `down` left. Where it fails, `down` didn't lead back: a wrong answer of the
 * test that looks at this, and not to be met by the next one, for which the template is laid again.
 */
type Place = 'old' | 'new' | 'broken'
export type Way = 'up' | 'down'
type Recorded = { statements: StatementRun[]; locks: readonly HeldLock[] }

export class MigrationState {
  readonly #prepared: PreparedMigration
  readonly #steps: readonly Step[]
  readonly #statementMs: number
  readonly #known: ReadonlySet<string>
  readonly #faults = new Map<Way, string>()
  readonly #recorded = new Map<Way, Recorded>()
  /** Of the last run of each way. */
  readonly #last = new Map<Way, Recorded>()
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
    return WAYS.flatMap(way => this.#recorded.get(way)?.statements ?? []).slice(0, 1000)
  }

  /** The strongest locks of the same runs. */
  get locks(): HeldLock[] {
    const { old, wanted } = this.#prepared
    const told = WAYS.flatMap(way => toldLocks(strongestFirst(this.#recorded.get(way)?.locks ?? []), this.#steps, [old, wanted]))
    return strongestFirst(told).slice(0, MOST_LOCKS)
  }

  /** What the last run of a way did. */
  lastRun(way: Way): Recorded {
    return this.#last.get(way) ?? { statements: [], locks: [] }
  }

  /** A schema's changes without what the learner's text may have made of rows. */
  told(changes: readonly SchemaChange[]): SchemaChange[] {
    if (!canMakeText(this.#steps)) return [...changes]
    return toldChanges(changes, [this.#prepared.wanted, this.#prepared.old], this.#known)
  }

  /** The server's words on a statement of a test, which a trigger of the learner's may have raised. */
  wordsOf(error: DatabaseError): string {
    const { code, message } = closedSqlError(error, { statement: '' }, this.#known)
    // What it stands in goes on, or ends with a full stop of its own.
    return `${code}: ${message.replace(/\.$/, '')}`
  }

  /** The name of something in the database as a learner may read it: their own text may have made it of rows. */
  nameOf(name: string): string {
    return isKnownName(name, this.#known) || isPlainName(name, this.#known) ? name : 'one whose name is not in your migration'
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
    return found.map(name => this.nameOf(name))
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

  /** The names of the steps: "expand" for steps/01-expand.up.sql. */
  get stepNames(): string[] {
    return this.#steps.map(({ up }) => stepOf(up.file))
  }

  /** Makes the database as it was given, unless nothing has run in it. */
  async backToOld(): Promise<void> {
    if (this.#place !== 'old' || this.#wentBack !== 'never') await this.reset()
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
    const fault = await this.#recordedRun(way, scripts, signal)
    if (fault && way === 'up' && this.#wentBack !== 'never' && SAID.has(fault.failure.type)) {
      const { finding } = this.#explain(fault.failure, { statement: fault.statement })
      throw new TestFailure(`up works on the old schema, but not after down: ${fault.file}, statement ${fault.number}: ${finding.message}`)
    }
    if (fault) throw new TestFailure(this.#keep(way, fault))
    this.#place = way === 'up' ? 'new' : 'old'
    if (way === 'down') this.#wentBack = 'in this test'
  }

  /**
   * Goes up from the old schema while others work on the database. What fails then may hang on what they did: it is that
   * test's failure, and no finding about the files.
   */
  async goAmongOthers(signal: AbortSignal, watch: Partial<RunWatch>): Promise<void> {
    const scripts = this.#steps.map(step => step.up)
    const fault = await this.#recordedRun('up', scripts, signal, watch)
    if (fault) throw new TestFailure(`While the application works, up fails: ${this.faultWords(fault)}`)
    this.#place = 'new'
  }

  /** Runs the files of `up` from one on where they stand, and keeps nothing of what fails. The place is unknown after it. */
  attempt(from: number, signal: AbortSignal, watch: Partial<RunWatch> = {}): Promise<StepFault | undefined> {
    const scripts = this.#steps.slice(from).map(step => step.up)
    return this.#run(scripts, signal, { ...hooksOf(watch), onRun: () => {}, onLocks: () => {} })
  }

  /** After an attempt: the database was found to be at the new schema. */
  stayedNew(): void {
    this.#place = 'new'
  }

  /** Which file of `up` it is, from 0. */
  fileIndex(file: string): number {
    return this.#steps.findIndex(({ up }) => up.file === file)
  }

  /** A fault in the words that a learner may read. */
  faultWords({ file, number, statement, failure }: StepFault): string {
    return `${file}, statement ${number}: ${this.#explain(failure, { statement }).finding.message}`
  }

  /** The report tells of the first run of each way, a test's questions are about the last. */
  #recordedRun(way: Way, scripts: readonly Script[], signal: AbortSignal, watch: Partial<RunWatch> = {}): Promise<StepFault | undefined> {
    const recorded: Recorded = { statements: [], locks: [] }
    if (!this.#recorded.has(way)) this.#recorded.set(way, recorded)
    this.#last.set(way, recorded)
    return this.#run(scripts, signal, {
      ...hooksOf(watch),
      onRun: run => recorded.statements.push(run),
      onLocks: locks => (recorded.locks = locks),
    })
  }

  async #run(scripts: readonly Script[], signal: AbortSignal, watch: RunWatch): Promise<StepFault | undefined> {
    const { connect, killer } = this.#prepared
    this.#place = 'broken'
    const tell = (name: string) => this.nameOf(name)
    const fault = await runScripts(scripts, { connect, killer, database: DATABASE, timeMs: this.#statementMs, signal, tell }, watch)
    this.#runs++
    this.#shadows = undefined
    return fault
  }

  /** Keeps a fault as what its way always comes to. */
  #keep(way: Way, fault: StepFault): string {
    const message = this.keepFinding(fault)
    this.#faults.set(way, message)
    return message
  }

  /** Keeps a fault as what was found, and puts it in words for the test; where the same has worked before, it may work again. */
  keepFinding({ file, number, statement, failure }: StepFault): string {
    const { finding, sqlError } = this.#explain(failure, { file, statementNumber: number, statement })
    const message = `${file}, statement ${number}: ${finding.message}`
    if (!this.finding) {
      this.finding = { ...finding, message }
      this.sqlError = sqlError
    }
    return message
  }

  #explain(failure: StepFault['failure'], place: ErrorPlace): ReturnType<typeof explainFault> {
    return explainFault(failure, place, { statementMs: this.#statementMs, known: this.#known })
  }
}

/** Failures that say something about the schema that was found, not about time or room. */
const SAID = new Set<StepFault['failure']['type']>(['error', 'open_transaction'])

const WAYS = ['up', 'down'] as const

/** Those of an object, too, that has them from its class. */
function hooksOf(watch: Partial<RunWatch>): Partial<RunWatch> {
  return {
    begins: place => watch.begins?.(place),
    executed: async place => watch.executed?.(place),
    idle: async (place, ended) => watch.idle?.(place, ended),
  }
}
