import { Counter, Gauge, type Registry } from 'prom-client'
import { liveWorkers } from '../core/live-workers.ts'
import type { PoolFigures } from '../core/worker-api.ts'
import type { Store } from './store/store.ts'
import { together } from './together.ts'

type Figure = {
  type: typeof Gauge | typeof Counter
  name: string
  help: string
  label: string
  of: (pool: PoolFigures) => Record<string, number>
}

/** What workers say of the pods that they make ahead. Counters are each worker's own, from its start. */
const FIGURES: readonly Figure[] = [
  {
    type: Gauge,
    name: 'assay_pool_pods',
    help: 'Pods: ready for a submission, being made, with a grading',
    label: 'state',
    of: ({ ready, making, inUse }) => ({ ready, making, in_use: inUse }),
  },
  {
    type: Gauge,
    name: 'assay_pool_bytes',
    help: 'Memory that ready pods are reckoned to take',
    label: 'state',
    of: ({ readyBytes }) => ({ ready: readyBytes }),
  },
  {
    type: Counter,
    name: 'assay_pool_taken_total',
    help: 'Gradings by how they came to their pod: it was ready, was being made already (awaited), or was made for them (cold)',
    label: 'how',
    of: ({ taken }) => taken,
  },
  {
    type: Counter,
    name: 'assay_pool_made_total',
    help: 'Pods made ahead, those that could not be made, and those thrown away because they no longer answered',
    label: 'result',
    of: ({ made, failed, discarded }) => ({ made, failed, discarded }),
  },
]

/** Adds them, read from the workers' heartbeats each time that someone asks. */
export function gaugePools(registry: Registry, store: Store, now: () => Date): void {
  const workers = together(async () => liveWorkers(await store.workers(), now()))
  for (const { type: Metric, name, help, label, of } of FIGURES) {
    const metric = new Metric({
      name,
      help,
      labelNames: ['worker', label],
      registers: [],
      async collect() {
        this.reset()
        for (const { id, heartbeat } of await workers())
          for (const [key, value] of Object.entries(heartbeat.pool ? of(heartbeat.pool) : {})) this.inc({ worker: id, [label]: key }, value)
      },
    })
    registry.registerMetric(metric)
  }
}
