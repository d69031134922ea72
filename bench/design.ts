import type { BenchCase } from './cases.ts'

export const DESIGNS = ['floor', 'naive', 'worker', 'api'] as const
export type DesignName = (typeof DESIGNS)[number]

/** What one submission came to; it was accepted, or `grade` threw. */
export type Graded = {
  /** From the files being there to the verdict being known. What is cleared away afterwards is not in it. */
  latencyMs: number
  /** What the report says of its phases; ours only. */
  timings?: Record<string, number>
  /** Resolves when what it was graded in is gone; a slot of a worker is taken until then. */
  removed?: Promise<void>
}

/** One way to grade the submissions of one case, set up and waiting. */
export type OpenDesign = AsyncDisposable & {
  /** Resolves when everything that the design makes ahead is there: then the next submission meets it at its best. */
  ready: () => Promise<void>
  /** Grades the case's submission once, and resolves with the verdict; throws unless it was accepted. */
  grade: () => Promise<Graded>
  /** How many submissions for each one in flight may meet what was made before they came. */
  ahead: number
  /** Bytes of memory that the submissions under way, and what is made ahead for others, hold now; undefined where it can't be read. */
  memoryNow: () => number | undefined
  /** What is used up per submission beside the machine's processor time; ours only. */
  usage?: () => Usage
}

/** Seconds of processor time so far, by who used them. */
export type Usage = { boxes: Record<string, number>; worker: number }

export type Opening = { of: BenchCase; slots: number; signal: AbortSignal }
