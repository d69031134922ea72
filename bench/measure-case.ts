import type { Step } from '../cli/progress.ts'
import type { BenchCase } from './cases.ts'
import { DESIGNS, type DesignName, type Graded, type OpenDesign } from './design.ts'
import { openApi } from './designs/api.ts'
import { openWorker } from './designs/worker.ts'
import { openFloor } from './floor/floor.ts'
import { measureLatency, type Designs } from './latency.ts'
import { spread, type Spread } from './measure/stats.ts'
import { openNaive } from './naive/naive.ts'
import type { BenchOptions } from './options.ts'
import type { CaseResult } from './results.ts'
import { saturate } from './saturation.ts'
import type { Machinery, Others } from './set-up.ts'

type Given = { of: BenchCase; options: BenchOptions; machinery: Machinery; others: Others; step: Step; cores: number; signal: AbortSignal }

/**
 * Measures one case by every design that is asked for and can grade it: first one submission at a time, then as many as go.
 * What breaks it off is told in the result, with what was measured until then: the other cases' figures stand all the same.
 */
export async function measureCase(given: Given): Promise<CaseResult> {
  const { of, signal } = given
  const result: CaseResult = { name: of.name, title: of.title, tests: of.wanted, latency: {}, saturation: {}, phases: {} }
  try {
    await measure(given, result)
  } catch (error) {
    signal.throwIfAborted()
    result.brokenOff = error instanceof Error ? error.message : String(error)
    given.step.log(`broken off: ${result.brokenOff}`)
  }
  return result
}

async function measure(given: Given, result: CaseResult): Promise<void> {
  const { of, options, step, cores, signal } = given
  const names = DESIGNS.filter(name => options.designs.includes(name) && (name !== 'naive' || of.naive) && (name !== 'api' || of.api))
  {
    await using opened = new AsyncDisposableStack()
    const designs: Designs = {}
    for (const name of names) designs[name] = opened.use(await open(name, cores, given))
    const onRound = (round: number, all: number) => step.log(`${of.name}, one at a time: round ${round} of ${all}`)
    const latency = await measureLatency(designs, { rounds: options.rounds, signal, onRound })
    for (const name of names) result.latency[name] = spread(latency[name]!.map(({ latencyMs }) => latencyMs))
    result.phases = phasesOf(latency.worker ?? [])
  }
  // Designs take turns here, too: a machine that grows slower meets them all.
  const numbers = of.aside ? options.inFlight.slice(0, 1) : options.inFlight
  for (const inFlight of numbers) {
    for (const name of names) {
      // A service has the slots that it has: once, with a line before it, shows what it does.
      if (name === 'api' && inFlight !== Math.max(...numbers)) continue
      step.log(`${of.name}, ${inFlight} in flight: ${name}`)
      await using design = await open(name, inFlight, given)
      await design.ready()
      const { windowMs } = options
      ;(result.saturation[name] ??= []).push(await saturate(design, { inFlight, windowMs, signal }))
    }
  }
}

async function open(name: DesignName, slots: number, { of, machinery, others, signal }: Given): Promise<OpenDesign> {
  const opening = { of, slots, signal }
  if (name === 'floor') return openFloor(opening, others.server)
  if (name === 'naive') return openNaive(opening, others.naive!.containers, others.naive!.images)
  return name === 'worker' ? openWorker(opening, machinery) : openApi(opening, others.service!)
}

function phasesOf(graded: readonly Graded[]): Record<string, Spread> {
  const phases = new Map<string, number[]>()
  for (const { timings = {} } of graded)
    for (const [phase, milliseconds] of Object.entries(timings)) phases.set(phase, [...(phases.get(phase) ?? []), milliseconds])
  return Object.fromEntries([...phases].map(([phase, all]) => [phase, spread(all)]))
}
