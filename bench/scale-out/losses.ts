import { setTimeout as sleep } from 'node:timers/promises'
import { count, ends, unexpected, type Count } from './ended.ts'
import { allOver, gradingsOf, handIn, some, type Handed } from './hand-in.ts'
import type { PinnedEngine } from './pinned-engine.ts'
import type { RunningWorker, Service } from './service.ts'

/*
 * Two workers grade, one of them is taken away for good in the middle: its process killed, or its engine. The other grades
 * on; what the dead one held is graded by whoever is left. Then somebody comes back on that engine.
 */
export type Loss = Count & {
  killed: 'worker' | 'engine'
  /** Gradings that it held when it was killed. */
  held: number
  /** From the kill to the last verdict, in seconds; what the dead one held waits WORKER_SILENT_MS of that first. */
  lastVerdictAfter: number
  /** Its boxes on its engine: when all was over, and after the next worker had come there. */
  boxesLeft: number
  boxesAfterNext: number
  /** What the next worker on that engine graded. */
  gradedByNext: number
  /** What came out otherwise than its label says. */
  unexpected: string[]
  /** Recorded by the server in the meantime. */
  verdicts: number
}

type Options = {
  service: Service
  engines: readonly [PinnedEngine, PinnedEngine]
  mix: readonly Handed[]
  slots: number
  submissions: number
  signal: AbortSignal
}

export async function loseOne(killed: Loss['killed'], { service, engines, mix, slots, submissions, signal }: Options): Promise<Loss> {
  const { api } = service
  const [staying, hit] = engines
  await using things = new AsyncDisposableStack()
  const start = async (engine: PinnedEngine) => {
    const worker = await service.startWorker(engine, slots)
    things.defer(() => worker.stop())
    return worker
  }
  const [, victim] = await Promise.all([start(staying), start(hit)])
  const before = await service.verdicts()
  const ids = await handIn(api, mix, submissions, signal)
  const held = await untilHolding(service, victim, { engine: hit, slots, signal })
  const killedAt = Date.now()
  await (killed === 'worker' ? victim.kill() : hit.kill())
  await allOver(api, signal)
  const ended = await ends(api, ids, signal)

  if (killed === 'engine') await hit.start()
  const dead = new Set([victim.pid])
  const boxesLeft = (await hit.boxesOf(dead)).length
  await victim.stop()
  const next = await start(hit)
  const boxesAfterNext = (await hit.boxesOf(dead)).length
  const more = await handIn(api, mix, mix.length * 2, signal)
  await allOver(api, signal)
  const later = await ends(api, more, signal)
  return {
    killed,
    held,
    ...count([...ended, ...later]),
    lastVerdictAfter: (Math.max(...ended.map(each => each.finishedAt)) - killedAt) / 1000,
    boxesLeft,
    boxesAfterNext,
    unexpected: unexpected([...ended, ...later]),
    verdicts: (await service.verdicts()) - before,
    gradedByNext: later.filter(({ gradings }) => gradings.at(-1)?.workerId === next.id).length,
  }
}

type Holding = { engine: PinnedEngine; slots: number; signal: AbortSignal }

/** Resolves with how many gradings the worker holds, once it holds as many as it can and boxes of its own run. */
async function untilHolding({ api }: Service, { id, pid }: RunningWorker, { engine, slots, signal }: Holding): Promise<number> {
  for (;;) {
    const running = await Promise.all((await some(api, 'running', signal)).map(each => gradingsOf(api, each, signal)))
    const held = running.filter(gradings => gradings.some(grading => grading.state === 'running' && grading.workerId === id)).length
    const boxes = await engine.boxesOf(new Set([pid]))
    if (held >= slots && boxes.filter(({ running }) => running).length >= slots) return held
    await sleep(50, undefined, { signal })
  }
}
