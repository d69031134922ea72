import type { Logger } from 'pino'
import { randomInt } from 'node:crypto'
import { FIXED } from '../../core/limits.ts'
import type { PoolFigures } from '../../core/worker-api.ts'
import { subjectRuntime } from '../grading/sandbox-runtime.ts'
import type { PodKind, PodRequest, PodSource } from '../pod/pod-source.ts'
import { preparePod, type PreparedPod } from '../pod/prepared-pod.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { Shelf } from './shelf.ts'
import { sparesFor, targets } from './targets.ts'

/*
 * Pods made ahead of their submissions, each used for one grading and thrown away. A shelf for each exercise version; a grading
 * takes the oldest ready pod of its shelf, or the next one that is being made, or has one made for itself. Shelves are filled
 * when a grading is over and while fewer run than this worker has slots, so that filling never takes a learner's place or time.
 * A pod whose boxes end, or don't answer when they are asked right before, is thrown away and another is made.
 */
export type PoolOptions = { sandbox: Sandbox; slots: number; memoryBytes: number; log: Logger }

/** So often the shelves are looked after without anything having happened. */
const TEND_MS = 5_000

export class PodPool implements PodSource, AsyncDisposable {
  readonly #options: PoolOptions
  readonly #shelves = new Map<string, Shelf>()
  readonly #closing = new AbortController()
  readonly #under = new Set<Promise<unknown>>()
  readonly #timer: NodeJS.Timeout
  readonly #counted = { ready: 0, awaited: 0, cold: 0, made: 0, failed: 0, discarded: 0 }
  /** Pods that gradings have, or have made for them. */
  #out = 0

  constructor(options: PoolOptions) {
    this.#options = options
    this.#timer = setInterval(() => this.#tend(), TEND_MS)
  }

  /** These are the exercises that submissions may come for; each gets a pod as far as the memory goes. */
  offer(kinds: readonly PodKind[]): void {
    for (const shelf of this.#shelves.values()) shelf.offered = false
    for (const kind of kinds) this.#shelf(kind).offered = true
    this.#tend()
  }

  async take(request: PodRequest, signal: AbortSignal): Promise<PreparedPod> {
    const shelf = this.#shelf(request)
    shelf.noteTake(Date.now())
    this.#out++
    try {
      const pod = (request.keepSeed ? undefined : await this.#fromShelf(shelf, signal)) ?? (await this.#cold(request, signal))
      return this.#lent(pod)
    } catch (error) {
      this.#out--
      throw error
    }
  }

  figures(): PoolFigures {
    const shelves = [...this.#shelves.values()]
    const sum = (count: (shelf: Shelf) => number) => shelves.reduce((total, shelf) => total + count(shelf), 0)
    return {
      ready: sum(shelf => shelf.ready.length),
      making: sum(shelf => shelf.making),
      inUse: this.#out,
      readyBytes: sum(shelf => shelf.ready.length * shelf.shape.bytes),
      taken: { ready: this.#counted.ready, awaited: this.#counted.awaited, cold: this.#counted.cold },
      made: this.#counted.made,
      failed: this.#counted.failed,
      discarded: this.#counted.discarded,
    }
  }

  /** Resolves when every shelf has what it should and nothing is being made: for benches, which begin from there. */
  async full(): Promise<void> {
    this.#tend()
    while (this.#under.size > 0) await Promise.allSettled(this.#under)
  }

  /** Removes every pod that waits; those that gradings have are theirs. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    this.#closing.abort(new Error('the pool is closed'))
    for (const shelf of this.#shelves.values()) for (const { pod } of shelf.ready.splice(0)) this.#discard(pod)
    while (this.#under.size > 0) await Promise.allSettled(this.#under)
  }

  #shelf(kind: PodKind): Shelf {
    const key = [kind.bundle.version, kind.runtime, subjectRuntime(kind)].join(' ')
    const known = this.#shelves.get(key)
    if (known) return known
    const shelf = new Shelf(kind)
    this.#shelves.set(key, shelf)
    return shelf
  }

  /** A ready pod that answers, or the next one that is being made for nobody else. */
  async #fromShelf(shelf: Shelf, signal: AbortSignal): Promise<PreparedPod | undefined> {
    for (let next = shelf.ready.shift(); next; next = shelf.ready.shift()) {
      if (await next.pod.sound()) {
        this.#counted.ready++
        return next.pod
      }
      this.#options.log.warn({ exercise: shelf.kind.bundle.slug }, 'a pod that waited did not answer and was thrown away')
      this.#counted.discarded++
      this.#discard(next.pod)
    }
    if (shelf.making <= shelf.waiting.length) return undefined
    const { promise, resolve } = Promise.withResolvers<PreparedPod | undefined>()
    shelf.waiting.push(resolve)
    const giveUp = () => {
      const index = shelf.waiting.indexOf(resolve)
      if (index >= 0) shelf.waiting.splice(index, 1)
      resolve(undefined)
    }
    signal.addEventListener('abort', giveUp, { once: true })
    const pod = await promise
    signal.removeEventListener('abort', giveUp)
    if (pod) this.#counted.awaited++
    return pod
  }

  async #cold(request: PodRequest, signal: AbortSignal): Promise<PreparedPod> {
    signal.throwIfAborted()
    this.#counted.cold++
    return preparePod({ ...request, sandbox: this.#options.sandbox, subjectRuntime: subjectRuntime(request), spares: 0 }, signal)
  }

  /** The same pod; its place is free once it is removed. */
  #lent(pod: PreparedPod): PreparedPod {
    let back: Promise<void> | undefined
    const giveBack = async () => {
      await pod[Symbol.asyncDispose]()
      this.#out--
      this.#tend()
    }
    return { ...pod, [Symbol.asyncDispose]: () => (back ??= giveBack()) }
  }

  /** Throws away what is too old or too much, and makes what is missing while there is room. */
  #tend(): void {
    if (this.#closing.signal.aborted) return
    const now = Date.now()
    const shelves = [...this.#shelves.values()]
    const wanted = targets(
      shelves.map(shelf => shelf.demand(now)),
      this.#options,
      now,
    )
    let room = this.#options.slots - this.#out - shelves.reduce((sum, shelf) => sum + shelf.making, 0)
    for (const [index, shelf] of shelves.entries()) {
      const old = shelf.ready.filter(({ since }) => now - since > FIXED.podWaitsMs)
      const tooMany = shelf.ready.slice(0, Math.max(0, shelf.ready.length - wanted[index]!))
      for (const each of new Set([...old, ...tooMany])) {
        shelf.ready.splice(shelf.ready.indexOf(each), 1)
        this.#discard(each.pod)
      }
      for (let missing = wanted[index]! - shelf.ready.length - shelf.making; missing > 0 && room > 0 && shelf.mayMake(now); missing--) {
        room--
        this.#track(this.#make(shelf))
      }
      if (wanted[index] === 0 && shelf.ready.length + shelf.making + shelf.waiting.length === 0 && !shelf.offered) this.#forget(shelf)
    }
  }

  #forget(shelf: Shelf): void {
    for (const [key, each] of this.#shelves) if (each === shelf) this.#shelves.delete(key)
  }

  async #make(shelf: Shelf): Promise<void> {
    const { kind, shape } = shelf
    const began = Date.now()
    const spares = sparesFor({ restarts: shape.restarts, takesPerMinute: shelf.demand(began).takesPerMinute })
    shelf.making++
    try {
      const wanted = {
        ...kind,
        sandbox: this.#options.sandbox,
        subjectRuntime: subjectRuntime(kind),
        spares,
        seed: randomInt(2 ** 31),
      }
      const pod = await preparePod(wanted, this.#closing.signal)
      shelf.making--
      shelf.noteMade(Date.now() - began)
      this.#counted.made++
      this.#put(shelf, pod)
    } catch (error) {
      shelf.making--
      // Who waited for it makes one for itself, and hears what is wrong.
      shelf.waiting.shift()?.(undefined)
      if (this.#closing.signal.aborted) return
      this.#counted.failed++
      shelf.noteFailure(Date.now())
      this.#options.log.warn(
        { exercise: kind.bundle.slug, err: error instanceof Error ? error.message : error },
        'a pod could not be made ahead',
      )
    }
    this.#tend()
  }

  #put(shelf: Shelf, pod: PreparedPod): void {
    const waiting = shelf.waiting.shift()
    if (waiting) return waiting(pod)
    if (this.#closing.signal.aborted) return this.#discard(pod)
    const place = { pod, since: Date.now() }
    shelf.ready.push(place)
    void this.#takeAwayOnceEnded(shelf, place)
  }

  async #takeAwayOnceEnded(shelf: Shelf, place: Shelf['ready'][number]): Promise<void> {
    await place.pod.pod.ended
    const index = shelf.ready.indexOf(place)
    if (index < 0 || this.#closing.signal.aborted) return
    shelf.ready.splice(index, 1)
    this.#counted.discarded++
    shelf.noteFailure(Date.now())
    this.#discard(place.pod)
  }

  #discard(pod: PreparedPod): void {
    this.#track(pod[Symbol.asyncDispose]())
  }

  #track(work: PromiseLike<void>): void {
    const tracked: Promise<void> = Promise.resolve(work)
      .catch(() => {})
      .then(() => void this.#under.delete(tracked))
    this.#under.add(tracked)
  }
}
