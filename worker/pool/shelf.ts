import type { PodKind } from '../pod/pod-source.ts'
import type { PreparedPod } from '../pod/prepared-pod.ts'
import { shapeOf, type PodShape } from './shape.ts'
import type { Demand } from './targets.ts'

const MINUTE = 60_000
/** Until one was made. */
const FIRST_GUESS_MS = 1_500
const FIRST_PAUSE_MS = 5_000
const LONGEST_PAUSE_MS = 5 * MINUTE

/** The pods of one exercise version, runtime and sandbox runtime: those that are ready, and what is asked of them. */
export class Shelf {
  readonly kind: PodKind
  readonly shape: PodShape
  readonly ready: { pod: PreparedPod; since: number }[] = []
  /** Gradings that wait for a pod which is being made. */
  readonly waiting: ((pod: PreparedPod | undefined) => void)[] = []
  making = 0
  offered = false
  #takes: number[] = []
  #lastTakenAt: number | undefined
  #makingMs = FIRST_GUESS_MS
  #pauseMs = 0
  #notBefore = 0

  constructor(kind: PodKind) {
    this.kind = kind
    this.shape = shapeOf(kind)
  }

  noteTake(now: number): void {
    this.#takes.push(now)
    this.#lastTakenAt = now
  }

  /** A pod could be made: nothing stands in the way of the next. */
  noteMade(tookMs: number): void {
    this.#makingMs = this.#makingMs * 0.7 + tookMs * 0.3
    this.#pauseMs = 0
  }

  /** It could not: longer and longer pauses until the next is tried ahead. */
  noteFailure(now: number): void {
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, this.#pauseMs * 2))
    this.#notBefore = now + this.#pauseMs
  }

  mayMake(now: number): boolean {
    return now >= this.#notBefore
  }

  demand(now: number): Demand {
    this.#takes = this.#takes.filter(at => now - at < MINUTE)
    return {
      bytes: this.shape.bytes,
      takesPerMinute: this.#takes.length,
      makingMs: this.#makingMs,
      lastTakenAt: this.#lastTakenAt,
      offered: this.offered,
    }
  }
}
