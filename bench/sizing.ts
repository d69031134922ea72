import { digits } from './measure/words.ts'
import { best, type CaseResult } from './results.ts'
import { table } from './measure/table.ts'

/*
 * How large a server must be, from what this machine did: as many slots as cores, each as fast as here. The load is the one
 * that hurts: learners who hand in within the last ten minutes, a mix of equal parts of the cases below.
 */
const CORES = [2, 4, 8, 16] as const
const RUSH_MINUTES = 10
/** What each of them hands in within that time. */
const EACH = 2
const GIB = 2 ** 30
/** The system, engine, server, worker and Redis. */
const BASE_BYTES = 1 * GIB
/** Exercises that have a pod ready, whatever is handed in. */
const EXERCISES_READY = 10

export type Size = { cores: number; slots: number; perMinute: number; learners: number; memoryBytes: number }

/** Undefined where no case was measured at saturation. `podBytes`: what the largest pod holds while it waits. */
export function sizes(cases: readonly CaseResult[], machineCores: number, podBytes: number): Size[] | undefined {
  const runs = cases.flatMap(({ saturation }) => best(saturation.worker) ?? [])
  if (runs.length === 0) return undefined
  const secondsEach = runs.reduce((sum, run) => sum + 60 / run.perMinute, 0) / runs.length
  const perCore = 60 / secondsEach / machineCores
  const slotBytes = Math.max(...runs.map(({ bytesPerSlot = 0 }) => bytesPerSlot))
  return CORES.map(cores => ({
    cores,
    slots: cores,
    perMinute: perCore * cores,
    learners: Math.floor((perCore * cores * RUSH_MINUTES) / EACH),
    memoryBytes: BASE_BYTES + cores * slotBytes + EXERCISES_READY * podBytes,
  }))
}

export function sizeLines(all: readonly Size[]): string {
  const rows = all.map(({ cores, slots, perMinute, learners, memoryBytes }) => [
    String(cores),
    String(slots),
    digits(perMinute),
    digits(learners),
    `${(memoryBytes / GIB).toFixed(1)} GiB`,
  ])
  const rush = `learners, ${EACH} each in ${RUSH_MINUTES} min`
  return table(['cores', 'slots', 'submissions a minute', rush, `memory, ${EXERCISES_READY} exercises ready`], rows)
}
