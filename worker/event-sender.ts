import { EVENTS_AT_ONCE, type GradingEvent } from '../core/worker-api.ts'

/**
 * So long what a follower could be told is gathered. Each message costs server and worker some milliseconds of processor time,
 * which the tests that are under way would otherwise have; most gradings are over before the first.
 */
const GATHER_MS = 250

/** Sends live events in order, those that came meanwhile together. They are a courtesy: one that can't be sent is dropped. */
export class EventSender {
  readonly #send: (events: GradingEvent[]) => Promise<void>
  readonly #gatherMs: number
  #waiting: GradingEvent[] = []
  #timer: NodeJS.Timeout | undefined
  #sending: Promise<void> | undefined

  constructor(send: (events: GradingEvent[]) => Promise<void>, { gatherMs = GATHER_MS }: { gatherMs?: number } = {}) {
    this.#send = send
    this.#gatherMs = gatherMs
  }

  add(event: GradingEvent): void {
    this.#waiting.push(event)
    this.#gather()
  }

  /** What was not sent, for the report to take along; resolves when nothing is on its way. Nothing may be added any more. */
  async rest(): Promise<GradingEvent[]> {
    clearTimeout(this.#timer)
    await this.#sending
    clearTimeout(this.#timer)
    return this.#waiting.slice(-EVENTS_AT_ONCE)
  }

  #gather(): void {
    this.#timer ??= setTimeout(() => {
      this.#sending = this.#sendSome()
    }, this.#gatherMs)
  }

  async #sendSome(): Promise<void> {
    await this.#send(this.#waiting.splice(0, EVENTS_AT_ONCE)).catch(() => {})
    this.#sending = undefined
    this.#timer = undefined
    if (this.#waiting.length > 0) this.#gather()
  }
}
