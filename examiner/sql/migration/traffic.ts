import type { Client } from 'pg'
import { TestFailure } from '../../test-failure.ts'
import type { MigrationState } from './migration-state.ts'
import { DATABASE, WRITER, type PreparedMigration } from './prepare-migration.ts'
import { processIdOf, runAfter, type Failure } from '../run-statement.ts'
import type { RunWatch, StatementPlace } from './run-steps.ts'
import { closeSession, openSession } from '../server.ts'
import { stepOf } from '../split.ts'
import { findingWords, type TrafficFinding, type Version } from './traffic-findings.ts'
import type { Traffic, TrafficOptions, TrafficStatement } from './traffic-fixture.ts'
import { WaitObserver } from './wait-observer.ts'

/*
 * Goes up while an application works on the database, and finds what the application felt.
 *
 * Two things run. At the rate asked for, statement after statement, in sessions of ours; one that waits keeps its session, and
 * a tick that finds none free passes. And once all of them, one by one, before the migration and whenever no transaction of
 * it is open: so each version meets each state that it can meet, however quick the migration is, and the same errors are
 * found every time.
 *
 * An error is a finding. A wait is one where it was the migration that kept a statement waiting (wait-observer.ts).
 */
const SESSIONS = 6
const MOST_FINDINGS = 5

export async function upUnderTraffic(
  state: MigrationState,
  prepared: PreparedMigration,
  options: TrafficOptions,
  signal: AbortSignal,
): Promise<Traffic> {
  const { newAfter, oldUntil, ratePerSecond = 40, maxWaitMs = 300 } = options
  for (const step of [newAfter, oldUntil]) {
    if (step !== undefined && !state.stepNames.includes(step)) {
      throw new TestFailure(`The migration has no step "${step}": a file steps/NN-${step}.up.sql is expected.`)
    }
  }
  if (!(ratePerSecond > 0 && ratePerSecond <= 200)) throw new Error(`ratePerSecond: expected above 0 and at most 200, got ${ratePerSecond}`)
  if (!(maxWaitMs >= 100)) throw new Error(`maxWaitMs: expected at least 100, got ${maxWaitMs}`)
  await state.backToOld()
  const application = await Application.open(state, prepared, options, signal)
  try {
    await application.round()
    application.start(ratePerSecond)
    await state.goAmongOthers(signal, application)
    await application.stop()
    if (options.new) application.both()
    await application.round()
  } finally {
    await application.close()
  }
  const findings = application.findings(maxWaitMs)
  if (findings.length > 0)
    throw new TestFailure(
      findings
        .slice(0, MOST_FINDINGS)
        .map(finding => findingWords(finding, maxWaitMs))
        .join('\n'),
    )
  return { ran: application.ran, longestWaitMs: application.longestWaitMs }
}

class Application implements Partial<RunWatch> {
  readonly #state: MigrationState
  readonly #prepared: PreparedMigration
  readonly #options: TrafficOptions
  readonly #signal: AbortSignal
  readonly #free: Client[]
  /** The rounds' own, so that they wait for nobody who waits. */
  readonly #ofRounds: Client
  readonly #sessions: readonly Client[]
  readonly #waits: WaitObserver
  readonly #errors: TrafficFinding[] = []
  readonly #running = new Set<Promise<unknown>>()
  #timer: NodeJS.Timeout | undefined
  #versions: Version[] = ['old']
  #turn = 0
  /** The statement of the migration that runs or ran last, and whether it is over. */
  #place: (StatementPlace & { over: boolean }) | undefined
  readonly ran = { old: 0, new: 0 }

  static async open(
    state: MigrationState,
    prepared: PreparedMigration,
    options: TrafficOptions,
    signal: AbortSignal,
  ): Promise<Application> {
    const { connect, admin } = prepared
    const sessions = await Promise.all(Array.from({ length: SESSIONS + 1 }, () => openSession(connect, WRITER, DATABASE)))
    const waits = await WaitObserver.open(connect, admin, DATABASE, name => state.nameOf(name))
    return new Application(state, prepared, options, signal, sessions, waits)
  }

  private constructor(
    state: MigrationState,
    prepared: PreparedMigration,
    options: TrafficOptions,
    signal: AbortSignal,
    sessions: readonly Client[],
    waits: WaitObserver,
  ) {
    this.#state = state
    this.#prepared = prepared
    this.#options = options
    this.#signal = signal
    this.#sessions = sessions
    const [first, ...others] = sessions
    this.#ofRounds = first!
    this.#free = others
    this.#waits = waits
  }

  start(ratePerSecond: number): void {
    this.#timer = setInterval(() => this.#tick(), 1000 / ratePerSecond)
    this.#waits.start()
  }

  /** No statement begins any more; those under way have ended. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await Promise.all(this.#running)
    await this.#waits.stop()
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#waits[Symbol.asyncDispose]()
    // What still runs now waits for somebody, or runs on past its test.
    const stuck = this.#running.size > 0 ? this.#sessions.filter(session => !this.#free.includes(session)) : []
    await Promise.all(stuck.map(session => this.#prepared.killer.terminate(processIdOf(session)).catch(() => {})))
    await Promise.all(this.#sessions.map(session => closeSession(session)))
  }

  async begins(place: StatementPlace): Promise<void> {
    const { oldUntil } = this.#options
    if (place.number === 1 && oldUntil !== undefined && stepOf(place.file) === oldUntil) {
      this.#versions = this.#versions.filter(version => version !== 'old')
      // What the old version still does it does before it is gone.
      await Promise.all(this.#running)
    }
    this.#place = { ...place, over: false }
    this.#waits.migration = this.#place
  }

  async idle(place: StatementPlace, ended: boolean): Promise<void> {
    const { newAfter } = this.#options
    this.#place = { ...place, over: true }
    if (ended && newAfter !== undefined && stepOf(place.file) === newAfter) this.both()
    await this.round()
  }

  /** From now on the new version runs, too. */
  both(): void {
    if (!this.#versions.includes('new')) this.#versions = [...this.#versions, 'new']
  }

  /** Each statement of each version once. */
  async round(): Promise<void> {
    for (const [version, statement] of this.#all()) {
      if (this.#ofRounds.connection.stream.destroyed) return
      await this.#follow(this.#run(this.#ofRounds, version, statement))
    }
  }

  findings(maxWaitMs: number): TrafficFinding[] {
    return [...this.#errors, ...this.#waits.longest().filter(({ waitedMs }) => waitedMs > maxWaitMs)]
  }

  get longestWaitMs(): number {
    return Math.round(this.#waits.longest()[0]?.waitedMs ?? 0)
  }

  #tick(): void {
    const session = this.#free.pop()
    if (!session) return
    const all = this.#all()
    const next = all[this.#turn++ % all.length]
    if (next) void this.#follow(this.#run(session, ...next))
    else this.#free.push(session)
  }

  #all(): [Version, TrafficStatement][] {
    return this.#versions.flatMap(version =>
      (this.#options[version] ?? []).map((statement): [Version, TrafficStatement] => [version, statement]),
    )
  }

  async #follow(run: Promise<unknown>): Promise<void> {
    this.#running.add(run)
    try {
      await run
    } finally {
      this.#running.delete(run)
    }
  }

  async #run(session: Client, version: Version, statement: TrafficStatement): Promise<void> {
    const { sql, params = () => [] }: Exclude<TrafficStatement, string> = typeof statement === 'string' ? { sql: statement } : statement
    const pid = processIdOf(session)
    this.#waits.begins(pid, { version, sql })
    const limits = { timeMs: LONGEST_MS, rows: 10_000, bytes: 4_000_000, signal: this.#signal }
    const result = await runAfter(session, OWN_SETTINGS, sql, limits, this.#prepared.killer, params())
    this.#waits.ended(pid)
    if (result.type === 'rows' || result.type === 'error') {
      if (session !== this.#ofRounds) this.#free.push(session)
    }
    if (result.type === 'rows') this.ran[version]++
    else if (result.type !== 'timed_out' || result.by !== 'test') this.#note(result, version, sql)
  }

  /** Whatever other end there is but rows: a trigger of the learner's may end sessions of this role, too. */
  #note(failure: Failure, version: Version, sql: string): void {
    const words = failure.type === 'error' ? this.#state.wordsOf(failure.error) : ENDS[failure.type]
    const place = this.#place
    if (!place) throw new Error(`A statement of the ${version} version fails before the migration: ${words}\n${sql}`)
    const same = this.#errors.some(each => each.version === version && each.sql === sql)
    if (!same) this.#errors.push({ type: 'error', version, sql, words, place, over: place.over })
  }
}

const ENDS = {
  timed_out: 'it did not come to its end',
  too_large: 'it gave more than 10,000 rows or 4 MB',
  lost: 'its session was ended',
}

/**
 * Before each statement: one that waits is to be seen waiting, not to give up, and triggers of the learner's that ran in this session
 * may have set it up to work on other tables.
 */
const OWN_SETTINGS = 'SET lock_timeout = 0; SET statement_timeout = 0; SET search_path = public'

/** Beyond the longest statement of a migration. */
const LONGEST_MS = 60_000
