import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import { liveSlots, liveWorkers } from '../core/live-workers.ts'
import type { Store } from './store/store.ts'

/** What is counted since this server started, and what the store says when it is asked. Names and units by Prometheus' conventions. */
export type Metrics = ReturnType<typeof createMetrics>

const SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300]

export function createMetrics() {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  return {
    registry,
    accepted: new Counter({ name: 'assay_submissions_accepted_total', help: 'Submissions taken in', labelNames: ['mode'], registers }),
    graded: new Counter({ name: 'assay_gradings_total', help: 'Gradings by what they found', labelNames: ['kind', 'outcome'], registers }),
    waited: new Histogram({
      name: 'assay_grading_wait_seconds',
      help: 'From the line into the hands of a worker',
      buckets: SECONDS,
      registers,
    }),
    lasted: new Histogram({
      name: 'assay_grading_duration_seconds',
      help: "From a worker's claim to its report",
      labelNames: ['kind'],
      buckets: SECONDS,
      registers,
    }),
    requests: new Histogram({
      name: 'assay_http_request_duration_seconds',
      help: 'Requests answered',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.025, 0.1, 0.5, 2],
      registers,
    }),
  }
}

/** Adds what is read from the store each time that someone asks. */
export function gaugeStore({ registry }: Metrics, store: Store, now: () => Date): void {
  gaugePools(registry, store, now)
  const gauge = (name: string, help: string, read: () => Promise<number>) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        this.set(await read())
      },
    })
  const counts = together(() => store.counts())
  gauge('assay_gradings_waiting', 'Gradings that wait in the store', async () => (await counts()).waiting)
  gauge('assay_gradings_dispatched', 'Gradings that wait in the queue', async () => (await counts()).dispatched)
  gauge('assay_gradings_running', 'Gradings with a worker', async () => (await counts()).running)
  gauge('assay_submissions_grader_error', "Submissions on the operator's list", async () => (await counts()).graderErrors)
  gauge('assay_workers', 'Workers heard of lately', async () => liveWorkers(await store.workers(), now()).length)
  gauge('assay_slots', 'Gradings that can run at a time', async () => liveSlots(await store.workers(), now()))
}

/** Asks once for all who ask meanwhile. */
function together<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined
  return () => (asked ??= ask().finally(() => (asked = undefined)))
}

/** What workers say of the pods that they make ahead, each time that someone asks. Counters are each worker's own, from its start. */
function gaugePools(registry: Registry, store: Store, now: () => Date): void {
  const pools = together(async () =>
    liveWorkers(await store.workers(), now()).flatMap(({ id, heartbeat: { pool } }) => (pool ? [{ worker: id, pool }] : [])),
  )
  new Gauge({
    name: 'assay_pool_pods',
    help: 'Pods: ready for a submission, being made, with a grading',
    labelNames: ['worker', 'state'],
    registers: [registry],
    async collect() {
      this.reset()
      for (const { worker, pool } of await pools())
        for (const state of ['ready', 'making', 'inUse'] as const) this.set({ worker, state }, pool[state])
    },
  })
  new Gauge({
    name: 'assay_pool_ready_bytes',
    help: 'Memory that ready pods are reckoned to take',
    labelNames: ['worker'],
    registers: [registry],
    async collect() {
      this.reset()
      for (const { worker, pool } of await pools()) this.set({ worker }, pool.readyBytes)
    },
  })
  new Counter({
    name: 'assay_pool_taken_total',
    help: 'Gradings by how they came to their pod: it was ready, was being made already (awaited), or was made for them (cold)',
    labelNames: ['worker', 'how'],
    registers: [registry],
    async collect() {
      this.reset()
      for (const { worker, pool } of await pools())
        for (const how of ['ready', 'awaited', 'cold'] as const) this.inc({ worker, how }, pool.taken[how])
    },
  })
  new Counter({
    name: 'assay_pool_made_total',
    help: 'Pods made ahead, those that could not be made, and those thrown away because they no longer answered',
    labelNames: ['worker', 'result'],
    registers: [registry],
    async collect() {
      this.reset()
      for (const { worker, pool } of await pools())
        for (const result of ['made', 'failed', 'discarded'] as const) this.inc({ worker, result }, pool[result])
    },
  })
}

/** Claims remembered for their times; a server that restarts in between only misses a measurement. */
const REMEMBERED = 10_000

/** The same store, counting what passes through it. */
export function meterStore(store: Store, metrics: Metrics, now: () => Date): Store {
  const claimedAt = new Map<string, number>()
  return {
    ...store,
    accept: async submission => {
      const accepted = await store.accept(submission)
      if (accepted.result === 'accepted') metrics.accepted.inc({ mode: submission.mode })
      return accepted
    },
    claim: async (gradingId, workerId) => {
      const claim = await store.claim(gradingId, workerId)
      if (claim) {
        const grading = (await store.gradings(claim.submissionId)).find(each => each.id === gradingId)
        if (grading) metrics.waited.observe(Math.max(0, now().getTime() - Date.parse(grading.createdAt)) / 1000)
        if (claimedAt.size >= REMEMBERED) claimedAt.clear()
        claimedAt.set(gradingId, now().getTime())
      }
      return claim
    },
    recordReport: async (gradingId, token, report) => {
      const result = await store.recordReport(gradingId, token, report)
      const since = claimedAt.get(gradingId)
      claimedAt.delete(gradingId)
      if (result === 'recorded') {
        metrics.graded.inc({ kind: report.kind, outcome: report.outcome })
        if (since !== undefined) metrics.lasted.observe({ kind: report.kind }, (now().getTime() - since) / 1000)
      }
      return result
    },
  }
}
