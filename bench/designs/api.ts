import { setTimeout as pause } from 'node:timers/promises'
import { follow } from '../../cli/client/follow.ts'
import { submit } from '../../cli/client/submissions.ts'
import type { ScratchService } from '../../cli/demo/scratch-service.ts'
import type { OpenDesign, Opening } from '../design.ts'

const ASK_EVERY_MS = 100
const READY_WITHIN_MS = 60_000

/** A running service of server, worker and Redis, and how many submissions it was handed by the bench. */
export type Service = Pick<ScratchService, 'api' | 'token'> & { handedIn: number }

/** Assay through its public API: from the POST to the `finished` event of the stream that is opened behind it. */
export function openApi({ of, signal }: Opening, service: Service): OpenDesign {
  const { api } = service
  return {
    ready: () => poolSettled(service, signal),
    grade: async () => {
      const began = performance.now()
      service.handedIn++
      const { id } = await submit(api, { exercise: of.slug, files: of.files, mode: of.mode }, signal)
      let outcome: string | undefined
      let latencyMs = Number.NaN
      await follow(api, id, signal, ({ event }) => {
        if (event.type !== 'finished') return
        latencyMs = performance.now() - began
        outcome = event.outcome
      })
      if (outcome !== 'accepted') throw new Error(`${of.slug} was graded ${outcome} by the service`)
      return { latencyMs }
    },
    ahead: 1,
    memoryNow: () => undefined,
    [Symbol.asyncDispose]: async () => {},
  }
}

/**
 * Resolves once the worker has told of every submission that was handed in, holds none of their pods any more and makes none.
 * It tells so with its heartbeat, by way of the server's metrics.
 */
async function poolSettled(service: Service, signal: AbortSignal): Promise<void> {
  const late = AbortSignal.timeout(READY_WITHIN_MS)
  for (;;) {
    const text = await metricsOf(service, signal)
    const pods = (state: string) => sumOf(text, 'assay_pool_pods', `state="${state}"`)
    const settled = sumOf(text, 'assay_pool_taken_total') >= service.handedIn && pods('in_use') === 0 && pods('making') === 0
    if (settled && pods('ready') > 0) return
    if (late.aborted) throw new Error(`the service's pool was not ready within ${READY_WITHIN_MS / 1000} s:\n${text}`)
    await pause(ASK_EVERY_MS, undefined, { signal })
  }
}

async function metricsOf({ api, token }: Service, signal: AbortSignal): Promise<string> {
  const response = await fetch(`${api.url}/metrics`, { headers: { authorization: `Bearer ${token}` }, signal })
  if (!response.ok) throw new Error(`GET /metrics answered ${response.status}`)
  return response.text()
}

/** The sum of a metric's lines, all or those with a label, in Prometheus' text. */
export function sumOf(text: string, name: string, label = ''): number {
  return text
    .split('\n')
    .filter(line => line.startsWith(`${name}{`) && line.includes(label))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
}
