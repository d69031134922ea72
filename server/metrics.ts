import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import { liveSlots, liveWorkers } from '../core/live-workers.ts'
import type { Claim } from '../core/worker-api.ts'
import { gaugePools } from './pool-metrics.ts'
import type { Store } from './store/store.ts'
import { together } from './together.ts'

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

/** Claims remembered for their times; a server that restarts in between only misses a measurement. */
const REMEMBERED = 10_000

/** The same store, counting what passes through it. */
export function meterStore(store: Store, metrics: Metrics, now: () => Date): Store {
  const claimedAt = new Map<string, number>()

  async function noteWait({ submissionId, gradingId }: Claim): Promise<void> {
    const claimed = now().getTime()
    const grading = (await store.gradings(submissionId)).find(each => each.id === gradingId)
    if (grading) metrics.waited.observe(Math.max(0, claimed - Date.parse(grading.createdAt)) / 1000)
  }

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
        // The worker needn't wait for it.
        void noteWait(claim).catch(() => {})
        if (claimedAt.size >= REMEMBERED) claimedAt.clear()
        claimedAt.set(gradingId, now().getTime())
      }
      return claim
    },
    recordReport: async (gradingId, token, report, events) => {
      const result = await store.recordReport(gradingId, token, report, events)
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
