import { readFileSync } from 'node:fs'
import type Docker from 'dockerode'
import { FIXED } from '../../../core/limits.ts'
import type { BoxSpec } from '../sandbox.ts'
import type { ProbeFinding } from './doctor.ts'
import type { Engine } from './engine.ts'
import { runInBox } from './run-in-box.ts'

/*
 * gVisor shows a box a kernel of its own, so what the host's kernel holds the whole sandbox to can't be read from inside.
 * It is seen from outside instead, in the engine's account of a box that wants more than it may have: the limits on its
 * control groups, the time in which it was held back, and the kernel's kill when it takes too much memory.
 */
const MiB = 1024 * 1024
const SPINS = `const { Worker } = require('node:worker_threads'); for (let at = 0; at < 4; at++) new Worker('for (;;) {}', { eval: true })`
const HOARDS = `const kept = []; for (;;) { kept.push(Buffer.alloc(${8 * MiB}, 1)); require('node:fs').writeSync(1, kept.length * 8 + '\\n') }`
const SAMPLES = 6

type Stats = {
  memory_stats?: { limit?: number }
  pids_stats?: { limit?: number }
  cpu_stats?: { throttling_data?: { periods?: number; throttled_periods?: number } }
}
export type Outside = { memory?: number; pids?: number; throttled?: number; seccomp?: string; hoarded?: number; outOfMemory?: boolean }

export async function probeOutside(engine: Engine, spec: BoxSpec): Promise<ProbeFinding[]> {
  const seen: Outside = {}
  await runInBox(engine, spec, ['node', '--eval', SPINS], async container => {
    const stats = await statsOf(engine, container)
    const filter = await hostFilter(engine, container)
    Object.assign(seen, stats, filter)
  })
  const hoarder = await runInBox(engine, spec, ['node', '--eval', HOARDS])
  seen.hoarded = Number(hoarder.stdout.trim().split('\n').at(-1))
  seen.outOfMemory = hoarder.outOfMemory
  return judgeOutside(seen, spec)
}

/** Exported for its table of tests. What could not be seen is left out: then what was found inside stands. */
export function judgeOutside(
  { memory, pids, throttled, seccomp, hoarded, outOfMemory }: Outside,
  { memoryBytes }: BoxSpec,
): ProbeFinding[] {
  const limit = memoryBytes / MiB
  const cgroup = 'the sandbox runs outside its control group: the engine must not run runsc with --ignore-cgroups'
  const wall = (check: string, found: string | undefined, wanted: string, holds: boolean, whatToDo = cgroup): ProbeFinding[] => {
    if (found === undefined) return []
    return [holds ? { check, state: 'ok', found, wanted } : { check, state: 'fail', found, wanted, whatToDo }]
  }
  return [
    ...wall('memory limit', memory?.toString(), String(memoryBytes), memory === memoryBytes),
    ...wall(
      'memory and swap',
      hoarded === undefined ? undefined : outOfMemory ? `killed at ${hoarded} MiB` : `not killed by the kernel, took ${hoarded} MiB`,
      `killed by ${limit} MiB`,
      outOfMemory === true && hoarded! < limit,
      'the box gets swap: turn on swap accounting (kernel parameter swapaccount=1) or turn off swap',
    ),
    ...wall('process limit', pids?.toString(), String(FIXED.pids), pids === FIXED.pids),
    ...wall(
      'processor limit',
      throttled === undefined ? undefined : throttled > 0 ? `held back in ${throttled} periods` : 'never held back',
      'held back',
      throttled !== undefined && throttled > 0,
    ),
    ...wall("gVisor's own filter", seccomp, '2', seccomp === '2', 'runsc must run without options that switch its filter off'),
  ]
}

/** The engine's account, once the box has been held back or after some seconds. */
async function statsOf(engine: Engine, container: Docker.Container): Promise<Outside> {
  let seen: Outside = {}
  for (let sample = 0; sample < SAMPLES; sample++) {
    const stats = (await engine.ask('account for a box', () => container.stats({ stream: false }))) as unknown as Stats
    const throttled = stats.cpu_stats?.throttling_data?.throttled_periods
    seen = {
      ...(stats.memory_stats?.limit !== undefined && { memory: stats.memory_stats.limit }),
      ...(stats.pids_stats?.limit !== undefined && { pids: stats.pids_stats.limit }),
      ...(throttled !== undefined && { throttled }),
    }
    if (throttled) break
  }
  return seen
}

/** The filter on the sandbox's own process, where the engine runs on this machine and we may look. */
async function hostFilter(engine: Engine, container: Docker.Container): Promise<Outside> {
  const { State, Id } = await engine.ask('look at a box', () => container.inspect())
  try {
    if (!readFileSync(`/proc/${State.Pid}/cgroup`, 'utf8').includes(Id)) return {}
    const mode = /^Seccomp:\t(\d)/m.exec(readFileSync(`/proc/${State.Pid}/status`, 'utf8'))?.[1]
    return mode === undefined ? {} : { seccomp: mode }
  } catch {
    return {}
  }
}
