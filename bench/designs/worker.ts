import { runtimesOf } from '../../core/runtimes.ts'
import { gradeSubmission } from '../../worker/grading/grade-submission.ts'
import { PodPool, type PoolOptions } from '../../worker/pool/pod-pool.ts'
import type { Sandbox, SandboxRuntime } from '../../worker/sandbox/sandbox.ts'
import type { OpenDesign, Opening } from '../design.ts'
import type { BoxWatch } from '../measure/watch-boxes.ts'

const SILENT = { warn: () => {} } as unknown as PoolOptions['log']
/** More than the pool ever makes of one exercise: what is measured is the grading, not a machine that is full. */
const MEMORY_BYTES = 4 * 2 ** 30

export type WorkerParts = { sandbox: Sandbox; sandboxRuntime: SandboxRuntime; boxes: BoxWatch }

/**
 * Assay through its worker's own code, in this process: pods made ahead, each used for one submission. From the files to the
 * report; the pod is removed, and another made, behind it.
 */
export async function openWorker({ of, slots, signal }: Opening, { sandbox, sandboxRuntime, boxes }: WorkerParts): Promise<OpenDesign> {
  const { bundle, tests, mode, files } = of
  const runtime = runtimesOf(bundle.manifest)[0]!
  const pool = new PodPool({ sandbox, slots, memoryBytes: MEMORY_BYTES, log: SILENT })
  const under = new Set<Promise<void>>()
  pool.offer([{ bundle, runtime, sandboxRuntime }])
  const removed = async () => {
    while (under.size > 0) await Promise.allSettled(under)
  }
  return {
    ready: async () => {
      await removed()
      await pool.full()
    },
    grade: async () => {
      const began = performance.now()
      const request = { sandbox, pods: pool, sandboxRuntime, bundle, tests, runtime, mode, files, seed: 1, keepSeed: false, signal }
      const graded = await gradeSubmission({ ...request, onEvent: () => {} })
      const latencyMs = performance.now() - began
      const removing = graded[Symbol.asyncDispose]() as Promise<void>
      const tracked: Promise<void> = removing.finally(() => under.delete(tracked))
      under.add(tracked)
      const { outcome, timings } = graded.report
      if (outcome !== 'accepted') throw new Error(`${of.slug} was graded ${outcome}: ${JSON.stringify(graded.report).slice(0, 2000)}`)
      return { latencyMs, timings, removed: tracked }
    },
    ahead: 1,
    memoryNow: () => boxes.memoryNow(),
    usage: () => ({ boxes: boxes.seconds(), worker: (process.cpuUsage().user + process.cpuUsage().system) / 1e6 }),
    [Symbol.asyncDispose]: async () => {
      await removed()
      await pool[Symbol.asyncDispose]()
    },
  }
}
