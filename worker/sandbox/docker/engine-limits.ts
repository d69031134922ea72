import { GraderError } from '../../../core/errors.ts'
import type { Engine } from './engine.ts'

/** What /info says of the limits that an engine can hold a container to. */
export type LimitFacts = { [Field in keyof typeof LIMITS_NEEDED]?: boolean }

const LIMITS_NEEDED = {
  MemoryLimit: 'memory',
  SwapLimit: 'swap',
  PidsLimit: 'processes',
  CpuCfsQuota: 'processor time',
} as const

/**
 * The limits, in words, that an engine says it can't hold a container to. An engine without control groups (rootless on a
 * host with cgroup v1) makes containers without any limit and does not even warn of it.
 */
export function missingLimits(info: LimitFacts): string[] {
  return (Object.keys(LIMITS_NEEDED) as (keyof typeof LIMITS_NEEDED)[])
    .filter(field => info[field] === false)
    .map(field => LIMITS_NEEDED[field])
}

/** Throws GraderError LIMITS_NOT_APPLIED when the engine can't hold boxes to their limits. */
export async function requireLimits(engine: Engine): Promise<void> {
  const missing = missingLimits(await engine.ask('tell about itself', docker => docker.info() as Promise<LimitFacts>, 5000))
  if (missing.length === 0) return
  const words = `The Docker engine at ${engine.address} can't hold a box to its limits of ${missing.join(', ')}: its host lacks the control groups, or it runs rootless on cgroup v1. Run "npx assay doctor"; docs/operators/rootless.md says what a rootless engine needs`
  throw new GraderError('LIMITS_NOT_APPLIED', words)
}
