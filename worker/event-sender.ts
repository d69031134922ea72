import type { GradingEvent } from '../core/worker-api.ts'

/** Sends live events in order, those that came meanwhile together. They are a courtesy: one that can't be sent is dropped. */
export class EventSender {
  readonly #send: (events: GradingEvent[]) => Promise<void>
  #waiting: GradingEvent[] = []
  #sending: Promise<void> | undefined

  constructor(send: (events: GradingEvent[]) => Promise<void>) {
    this.#send = send
  }

  add(event: GradingEvent): void {
    this.#waiting.push(event)
    this.#sending ??= this.#drain()
  }

  /** Resolves when all that was added has been sent or dropped. */
  async flushed(): Promise<void> {
    await this.#sending
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const events = this.#waiting.splice(0, 500)
      await this.#send(events).catch(() => {})
    }
    this.#sending = undefined
  }
}
