import { liveWorkers } from '../core/live-workers.ts'
import type { Disk } from './disk.ts'
import type { GradingQueue } from './grading-queue.ts'
import type { Store } from './store/store.ts'

export const PARTS = ['store', 'queue', 'engine', 'disk'] as const
export type Part = (typeof PARTS)[number]
export type Readiness = Record<Part, { state: 'up' | 'down'; message?: string }>

type Asked = {
  store: Pick<Store, 'ping' | 'workers'>
  queue: Pick<GradingQueue, 'state'>
  disk: () => Promise<Disk>
  config: { minFreeDiskBytes: number }
  now: () => Date
}

/**
 * Whether everything that grading needs is there. With the queue or the engine down submissions are still taken in; they
 * wait in the store. What the engine is up to is known from the workers' heartbeats.
 */
export async function readiness({ store, queue, disk, config, now }: Asked): Promise<Readiness> {
  const [storeState, engine, room] = await Promise.all([
    probe(() => store.ping()),
    probe(async () => {
      const live = liveWorkers(await store.workers(), now())
      if (live.length === 0) throw new Error('no worker was heard of lately')
      const away = live.flatMap(({ heartbeat }) => (heartbeat.engine.state === 'away' ? [heartbeat.engine.message] : []))
      if (away.length === live.length) throw new Error(`no worker has an engine: ${away[0]}`)
    }),
    probe(async () => {
      const { freeBytes } = await disk()
      if (freeBytes < config.minFreeDiskBytes) throw new Error(`${freeBytes} bytes free, at least ${config.minFreeDiskBytes} are kept`)
    }),
  ])
  const redis = queue.state()
  return {
    store: storeState,
    queue: redis.state === 'ready' ? { state: 'up' } : { state: 'down', message: `Redis is ${redis.state}: ${redis.message}` },
    engine,
    disk: room,
  }
}

/** What anybody may know: a reason can hold addresses and paths. */
export function withoutReasons(parts: Readiness): Readiness {
  return Object.fromEntries(PARTS.map(name => [name, { state: parts[name].state }])) as Readiness
}

async function probe(ask: () => Promise<unknown>): Promise<Readiness[Part]> {
  try {
    await ask()
    return { state: 'up' }
  } catch (error) {
    return { state: 'down', message: (error as Error).message }
  }
}
