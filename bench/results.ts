import type { CaseName } from './cases.ts'
import type { DesignName } from './design.ts'
import type { Machine } from './measure/machine.ts'
import type { Spread } from './measure/stats.ts'
import type { Saturation } from './saturation.ts'

/** What one case came to; a design that can't grade it, or was not asked to, is absent. */
export type CaseResult = {
  name: CaseName
  title: string
  tests: number
  /** Milliseconds from the files to the verdict, one submission at a time. */
  latency: Partial<Record<DesignName, Spread>>
  /** For each number in flight that was tried. */
  saturation: Partial<Record<DesignName, Saturation[]>>
  /** What the reports of the latency rounds say of their phases, in milliseconds. */
  phases: Record<string, Spread>
  /** Why it was not measured to its end. */
  brokenOff?: string
}

/** bench/results.json. */
export type Results = {
  takenAt: string
  command: string
  machine: Machine
  /** The project's version of these figures: the commit, where there is one. */
  commit: string | undefined
  /** How the naive grader asked the engine. */
  naive: string | undefined
  sandboxRuntime: string
  rounds: number
  windowMs: number
  cases: CaseResult[]
}

/** The number in flight at which a design does most. */
export function best(runs: readonly Saturation[] | undefined): Saturation | undefined {
  return runs?.toSorted((one, other) => other.perMinute - one.perMinute)[0]
}
