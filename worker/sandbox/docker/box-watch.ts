import type { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { jsonLines } from '../../../core/lines.ts'
import type { Engine } from './engine.ts'
import { BOX_LABEL } from './owner.ts'

/*
 * How the boxes of a sandbox fare, without a question for each: one subscription to the engine's events tells of every end and
 * of every process that the kernel killed for memory. It lasts for as long as there are boxes, and after a break goes on from
 * where it was. One look at all boxes every few seconds stands in for news that never came, and finds an engine that hangs.
 */
const LOOK_EVERY = 3000
const LOOKS_THAT_MAY_FAIL = 2
const LOOK_TAKES_AT_MOST = 5000
const TRY_AGAIN_AFTER = 500
/** Events are asked for from a while before now: news from a box that began before the subscription did is told again, and hurts nobody. */
const FROM_BEFORE = 2000
/** One event is some 800 bytes; a subscription may last for weeks. */
const LINES = { maxLine: 64 * 1024, maxTotal: Infinity }
const BOXES = { label: [BOX_LABEL] }
const EVENTS = JSON.stringify({ ...BOXES, event: ['die', 'oom'] })
/** Of a container that may have a living process in it. */
const ALIVE: readonly string[] = ['created', 'running', 'paused', 'restarting']

const eventSchema = z.object({
  Action: z.string(),
  Actor: z.object({ ID: z.string() }),
  timeNano: z.number().optional(),
})

/** What has been heard of one box; disposed when nobody wants to know any more. */
export type Watched = Disposable & {
  /** Whether the kernel has killed any of its processes for memory, as far as the engine has told. */
  readonly outOfMemory: boolean
  /** Whether the engine tells within that time that it has ended; false at once when no news can come. */
  died(withinMs: number): Promise<boolean>
  /** Like `outOfMemory`, with so much time for news that is on its way. */
  outOfMemorySoon(withinMs: number): Promise<boolean>
}

type Facts = {
  died: boolean
  outOfMemory: boolean
  /** Called at each news of this box, and when no more can come. */
  onNews: Set<() => void>
  onGone: () => void
}

export class BoxWatch {
  readonly #engine: Engine
  readonly #boxes = new Map<string, Facts>()
  #watching: AbortController | undefined
  #broken = false
  #failedLooks = 0

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** Watches a container from before its start. `onGone`: a look found that it is no more, or the engine does not answer. */
  add(id: string, onGone: () => void): Watched {
    const facts: Facts = { died: false, outOfMemory: false, onNews: new Set(), onGone }
    this.#boxes.set(id, facts)
    if (!this.#watching) this.#begin()
    const heard = async (withinMs: number, enough: () => boolean) => {
      const news = Promise.withResolvers<void>()
      const check = () => void ((enough() || this.#broken) && news.resolve())
      const late = setTimeout(news.resolve, withinMs)
      facts.onNews.add(check)
      check()
      await news.promise
      clearTimeout(late)
      facts.onNews.delete(check)
    }
    return {
      get outOfMemory() {
        return facts.outOfMemory
      },
      died: async withinMs => {
        await heard(withinMs, () => facts.died)
        return facts.died
      },
      outOfMemorySoon: async withinMs => {
        await heard(withinMs, () => facts.outOfMemory)
        return facts.outOfMemory
      },
      [Symbol.dispose]: () => {
        this.#boxes.delete(id)
        if (this.#boxes.size > 0) return
        this.#watching?.abort()
        this.#watching = undefined
      },
    }
  }

  #begin(): void {
    const watching = new AbortController()
    this.#watching = watching
    this.#broken = false
    this.#failedLooks = 0
    const looking = setInterval(() => void this.#look(), LOOK_EVERY)
    watching.signal.addEventListener('abort', () => clearInterval(looking))
    void this.#follow(watching.signal)
  }

  async #follow(signal: AbortSignal): Promise<void> {
    let since = Date.now() - FROM_BEFORE
    while (!signal.aborted) {
      const trying = new AbortController()
      try {
        const events = await this.#subscribe(since, AbortSignal.any([signal, trying.signal]))
        this.#broken = false
        since = Math.max(since, Date.now() - FROM_BEFORE)
        for await (const line of jsonLines(events, LINES)) since = this.#hear(eventSchema.parse(line)) ?? since
      } catch {
        // It is tried again, and the look below says whether the engine answers at all.
      } finally {
        trying.abort()
      }
      if (signal.aborted) return
      this.#broken = true
      for (const facts of this.#boxes.values()) tell(facts)
      await wait(TRY_AGAIN_AFTER, undefined, { signal }).catch(() => {})
    }
  }

  async #subscribe(since: number, abortSignal: AbortSignal): Promise<Readable> {
    const from = (since / 1000).toFixed(3) as unknown as number
    const events = await this.#engine.ask('tell how boxes fare', docker => docker.getEvents({ since: from, filters: EVENTS, abortSignal }))
    return events as Readable
  }

  /** Returns when that was, by the engine's clock, in milliseconds. */
  #hear({ Action, Actor, timeNano }: z.infer<typeof eventSchema>): number | undefined {
    const facts = this.#boxes.get(Actor.ID)
    if (facts && Action === 'oom') facts.outOfMemory = true
    if (facts && Action === 'die') facts.died = true
    if (facts) tell(facts)
    return timeNano === undefined ? undefined : timeNano / 1e6
  }

  async #look(): Promise<void> {
    const before = [...this.#boxes]
    const found = await this.#engine
      .ask(
        'look at the boxes',
        (docker, abortSignal) => docker.listContainers({ all: true, filters: JSON.stringify(BOXES), abortSignal }),
        LOOK_TAKES_AT_MOST,
      )
      .catch(() => undefined)
    if (!found) {
      if (++this.#failedLooks <= LOOKS_THAT_MAY_FAIL) return
      for (const [, facts] of before) facts.onGone()
      return
    }
    this.#failedLooks = 0
    const alive = new Set(found.filter(({ State }) => ALIVE.includes(State)).map(({ Id }) => Id))
    for (const [id, facts] of before) if (!alive.has(id)) facts.onGone()
  }
}

function tell({ onNews }: Facts): void {
  for (const each of onNews) each()
}
