import { setTimeout as rest } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import { liveSlots } from '../../core/live-workers.ts'
import { FairShares, type Costed } from './fair-shares.ts'
import { forecast, type Forecast } from './forecast.ts'
import { readFinished, readUnfinished, type Facts, type Unfinished } from './read-line.ts'
import type { InLine, Place } from './store.ts'
import type { Tables } from './tables.ts'
import { UsualDurations } from './usual-durations.ts'
import { listWorkers } from './workers.ts'

/*
 * The waiting line as the dispatcher and a learner's page see it: by one rule (fair-shares.ts), so that the place that
 * somebody is told is the one that they will be given. A forecast plays the whole line through. It is made anew when the
 * line has moved and somebody asks, but for a small part of the time only: with thousands waiting, what somebody is told
 * may be some tenths of a second old.
 */

/** While a forecast costs less than this, nobody is told an old one. */
const CHEAP_MS = 2
/** Otherwise one is told until it is so many times as old as it took to make, */
const TOLD = 20
/** and somebody who isn't in it yet waits until then at most. */
const AWAITED = 2
/** Reading the line costs about as much as playing it through. */
const WITH_READING = 2
/** Nothing has moved, but gradings run longer than was thought, and workers fall silent. */
const STALE_MS = 1000

/** `tookMs`: what making it cost this thread, without what others did on it in the meantime. */
type Made = { places: Forecast; at: number; tookMs: number }
type Line = { waiting: (Costed & Unfinished)[]; queued: (Costed & Unfinished)[]; running: Unfinished[] }

export class WaitingLine {
  readonly #db: Kysely<Tables>
  readonly #now: () => Date
  readonly #shares = new FairShares()
  readonly #durations = new UsualDurations()
  #facts: ReadonlyMap<string, Facts> = new Map()
  #owners: ReadonlyMap<string, number> = new Map()
  /** Of what was given a place and isn't over: in which turn. */
  readonly #turns = new Map<string, number>()
  #turn = 0
  #measured: { at: string; ids: Set<string> } | undefined
  #made: Made | undefined
  #making: Promise<Made> | undefined
  #moved = true

  constructor(db: Kysely<Tables>, now: () => Date) {
    this.#db = db
    this.#now = now
  }

  /** The next `count` in fair order; regrades come after all else, and only within the first `behind`. */
  async next(count: number, behind: number): Promise<InLine[]> {
    const chosen: InLine[] = []
    for (const grading of this.#shares.order((await this.#read()).waiting)) {
      if (chosen.length >= (grading.behind ? Math.min(count, behind) : count)) break
      const { gradingId, token, owner, group } = grading
      chosen.push({ gradingId, token, owner, group, behind: grading.behind })
    }
    return chosen
  }

  /** To be told after each transaction that moved the line, */
  moved(): void {
    this.#moved = true
  }

  /** which of them were dispatched, in this order, */
  dispatched(gradingIds: readonly string[]): void {
    for (const gradingId of gradingIds) {
      const facts = this.#facts.get(gradingId)
      if (facts) this.#charge(facts)
    }
    this.#moved = true
  }

  /** and which of those came back. */
  undispatched(gradingIds: readonly string[]): void {
    for (const gradingId of gradingIds) {
      this.#shares.refund(gradingId)
      this.#turns.delete(gradingId)
    }
    this.#moved = true
  }

  async place(submissionId: string): Promise<Place | undefined> {
    const mine = await this.#db
      .selectFrom('submissions')
      .innerJoin('gradings', 'gradings.id', 'submissions.grading_id')
      .select(['gradings.id', 'gradings.state'])
      .where('submissions.id', '=', submissionId)
      .executeTakeFirst()
    if (mine?.state !== 'waiting' && mine?.state !== 'dispatched') return undefined
    const { places, at } = await this.#forecastWith(mine.id)
    const place = places.get(mine.id)
    if (!place) return undefined
    const { position, startsInMs } = place
    if (startsInMs === undefined) return { position, estimatedWaitSeconds: null }
    return { position, estimatedWaitSeconds: Math.round(Math.max(0, startsInMs - (this.#now().getTime() - at)) / 1000) }
  }

  async #forecastWith(gradingId: string): Promise<Made> {
    const made = this.#made
    if (made?.places.has(gradingId) && this.#isGood(made)) return made
    const going = await this.#making
    if (going?.places.has(gradingId)) return going
    return await (this.#making ??= this.#make().finally(() => (this.#making = undefined)))
  }

  #isGood({ at, tookMs }: Made): boolean {
    const age = this.#now().getTime() - at
    return this.#moved ? tookMs > CHEAP_MS && age < TOLD * tookMs : age < STALE_MS
  }

  async #make(): Promise<Made> {
    if (this.#made && this.#made.tookMs > CHEAP_MS) {
      const wait = AWAITED * this.#made.tookMs - Math.max(0, this.#now().getTime() - this.#made.at)
      if (wait > 0) await rest(wait)
    }
    this.#moved = false
    const slots = liveSlots(await listWorkers(this.#db), this.#now())
    const { waiting, queued, running } = await this.#read()
    // While it was read others had their turn: with their work counted in, a burst would make a forecast seem dear, newcomers
    // wait for the next, and their answers, all sent at once, would make that one seem dearer still.
    const began = performance.now()
    const at = this.#now().getTime()
    const places = forecast({
      line: [...queued, ...this.#shares.order(waiting)],
      running: running.map(({ version, startedAt = at }) => this.#durations.left(version, at - startedAt)),
      slots,
      handoverMs: this.#durations.handoverMs(),
    })
    return (this.#made = { places, at, tookMs: WITH_READING * (performance.now() - began) })
  }

  async #read(): Promise<Line> {
    const turn = this.#turn
    await this.#measure()
    const unfinished = (await readUnfinished(this.#db, this.#facts)).map(each => ({ ...each, costMs: this.#durations.of(each.version) }))
    this.#facts = new Map(unfinished.map(each => [each.gradingId, each]))
    const { waiting = [], dispatched: queued = [], running = [] } = Object.groupBy(unfinished, each => each.state)
    waiting.sort((one, other) => (one.submissionId < other.submissionId ? -1 : 1))
    this.#owners = new Map(
      [...Map.groupBy(waiting, each => each.group)].map(([group, own]) => [group, new Set(own.map(each => each.owner)).size]),
    )
    this.#settle([...queued, ...running], turn)
    const turnOf = (each: Unfinished) => this.#turns.get(each.gradingId) ?? 0
    queued.sort((one, other) => one.dispatchedAt! - other.dispatchedAt! || turnOf(one) - turnOf(other))
    return { waiting, queued, running }
  }

  /** Charges what is in flight without our knowing, as after a restart, and what runs long; forgets what was over before `turn`. */
  #settle(inFlight: readonly Unfinished[], turn: number): void {
    const now = this.#now().getTime()
    for (const grading of inFlight) {
      this.#charge(grading)
      if (grading.startedAt !== undefined) this.#shares.ran(grading.gradingId, now - grading.startedAt)
    }
    const ids = new Set(inFlight.map(each => each.gradingId))
    for (const [gradingId, given] of this.#turns) {
      if (ids.has(gradingId) || given > turn) continue
      this.#shares.forget(gradingId)
      this.#turns.delete(gradingId)
    }
  }

  #charge(grading: Facts): void {
    if (this.#turns.has(grading.gradingId)) return
    this.#turns.set(grading.gradingId, ++this.#turn)
    this.#shares.charge({ ...grading, costMs: this.#durations.of(grading.version) }, this.#owners.get(grading.group) ?? 1)
  }

  /** Notes what was graded since the last look. */
  async #measure(): Promise<void> {
    const rows = await readFinished(this.#db, this.#measured?.at)
    const seen = this.#measured
    const fresh = rows.filter(row => !seen || row.at > seen.at || (row.at === seen.at && !seen.ids.has(row.id)))
    for (const { measured } of fresh) if (measured) this.#durations.note(measured)
    const last = fresh.at(-1)
    if (!last) return
    const ids = fresh.filter(row => row.at === last.at).map(row => row.id)
    this.#measured = { at: last.at, ids: new Set(seen?.at === last.at ? [...seen.ids, ...ids] : ids) }
  }
}
