/*
 * What gradings took lately, for each exercise version, and how long a place stays empty between two of them. Only the
 * last ones count: a warm pool, a busier machine or a new worker shows after a few dozen.
 */

/** What a grading is thought to take as long as none has been measured. */
const FIRST_GUESS_MS = 3000
const MEASURED = 100

export class UsualDurations {
  readonly #byVersion = new Map<string, number[]>()
  readonly #all: number[] = []
  readonly #handovers: number[] = []
  readonly #finishes: number[] = []

  /** One that was graded; they come in the order in which they finished. Times in milliseconds. */
  note({ version, dispatchedAt, startedAt, finishedAt }: Measured): void {
    const own = this.#byVersion.get(version) ?? []
    this.#byVersion.set(version, own)
    for (const durations of [own, this.#all]) keepLast(durations, finishedAt - startedAt)
    const freedAt = this.#finishes.findLast(at => at <= startedAt)
    // From when there were both a free place and this grading to take it.
    if (dispatchedAt !== undefined && freedAt !== undefined) keepLast(this.#handovers, startedAt - Math.max(dispatchedAt, freedAt))
    keepLast(this.#finishes, finishedAt)
  }

  /** What a grading of this version usually takes; of one that was never graded, what gradings take. */
  of(version: string): number {
    return mean(this.#byVersion.get(version) ?? this.#all) ?? FIRST_GUESS_MS
  }

  /** What is left of one that has run so long: the longer ones of the past say it. */
  left(version: string, ranMs: number): number {
    const longer = (this.#byVersion.get(version) ?? this.#all).filter(ms => ms > ranMs)
    return (mean(longer) ?? Math.max(ranMs, this.of(version))) - ranMs
  }

  /** From the end of one grading to the start of the next that waits in the queue. */
  handoverMs(): number {
    const sorted = this.#handovers.toSorted((one, other) => one - other)
    return Math.max(0, sorted[sorted.length >> 1] ?? 0)
  }
}

export type Measured = { version: string; dispatchedAt: number | undefined; startedAt: number; finishedAt: number }

function keepLast(values: number[], value: number): void {
  values.push(value)
  if (values.length > MEASURED) values.shift()
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length
}
