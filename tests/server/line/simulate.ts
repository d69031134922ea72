import type { Planned } from '../../../bench/load/plan-rush.ts'
import { HEARTBEAT_MS } from '../../../core/worker-api.ts'
import { startDispatcher } from '../../../server/dispatcher.ts'
import { createHints } from '../../../server/events.ts'
import type { GradingQueue } from '../../../server/grading-queue.ts'
import { openSqliteStore } from '../../../server/store/sqlite.ts'
import type { Place } from '../../../server/store/store.ts'
import { createClock } from '../../support/clock.ts'
import { heartbeatOf, newSubmission, reportOf, sampleBundle } from '../store/samples.ts'

/*
 * A rush without boxes: the real store and the real dispatcher; a queue and a worker that grade in given times on a clock
 * moved by hand. Everything happens in the order of that clock, so a rush of minutes takes seconds and is the same each time.
 */
export type Simulated = {
  graded: Graded[]
  samples: Sampled[]
  /** How often a worker's place was empty while something waited. */
  idled: number
  gradedTwice: number
}

export type Graded = { id: string; owner: string; group: string; flood: boolean; waitMs: number; startedAt: number }
/** What somebody was told, and what came: how many were begun until it was, itself included, and when. */
export type Sampled = { at: number; said: Place; came: { position: number; waitMs: number } }

export type Exercise = { slug: string; ms: (draw: number) => number }

type Options = {
  plan: readonly Planned[]
  exerciseOf: (planned: Planned) => Exercise
  exercises: readonly Exercise[]
  slots: number
  /** After each such time somebody who waits asks for their place. */
  askEveryMs?: number
}

export async function simulate({ plan, exerciseOf, exercises, slots, askEveryMs = 500 }: Options): Promise<Simulated> {
  const clock = createClock()
  const hints = createHints()
  const store = await openSqliteStore({ path: ':memory:', hints, now: clock.now })
  const bundles = new Map(exercises.map(each => [each.slug, sampleBundle(each.slug)]))
  await store.publish([...bundles.values()])
  const queue = memoryQueue()
  const log = { info: () => {}, warn: () => {} }
  const dispatcher = startDispatcher({ store, queue, hints, log, now: clock.now, everyMs: 3_600_000 })
  const start = clock.now().getTime()
  const at = () => clock.now().getTime() - start

  const arrivals = [...plan]
  const handedIn = new Map<string, Planned & { id: string; gradingId: string }>()
  const running: { id: string; token: number; endsAt: number; end: () => Promise<void> }[] = []
  const asked: { id: string; at: number; begun: number; said: Place }[] = []
  const graded: Graded[] = []
  const begun = new Set<string>()
  let [idled, gradedTwice, beatAt, askAt] = [0, 0, 0, 0]

  try {
    for (;;) {
      const next = Math.min(arrivals[0]?.atMs ?? Infinity, ...running.map(each => each.endsAt))
      if (next === Infinity) break
      clock.pass(Math.max(0, next - at()))
      if (at() >= beatAt) await beat()
      while (arrivals[0] && arrivals[0].atMs <= at()) await handIn(arrivals.shift()!)
      for (const each of running.filter(one => one.endsAt <= at())) {
        running.splice(running.indexOf(each), 1)
        await each.end()
      }
      await settle()
      if (at() >= askAt) await ask()
    }
    const samples = asked.flatMap(({ id, at: askedAt, begun: before, said }) => {
      const end = graded.findIndex(each => each.id === id)
      return end < 0 ? [] : [{ at: askedAt, said, came: { position: end - before + 1, waitMs: graded[end]!.startedAt - askedAt } }]
    })
    return { graded, samples, idled, gradedTwice }
  } finally {
    await dispatcher.close()
    await store.close()
  }

  async function beat(): Promise<void> {
    const gradings = running.map(({ id, token }) => ({ id, token }))
    await store.heartbeat('worker-1', heartbeatOf({ slots, gradings }))
    beatAt = at() + HEARTBEAT_MS
  }

  async function handIn(planned: Planned): Promise<void> {
    const bundle = bundles.get(exerciseOf(planned).slug)!
    const { owner, group } = planned
    const accepted = await store.accept(
      newSubmission({ owner, group, slug: bundle.slug, version: bundle.version, files: { 'server.js': '' }, maxWaiting: 1e6 }),
    )
    if (!('submission' in accepted)) throw new Error(accepted.result)
    const { id, gradingId } = accepted.submission
    handedIn.set(gradingId, { ...planned, id, gradingId })
  }

  /** Until dispatcher and worker have nothing more to do at this moment. */
  async function settle(): Promise<void> {
    for (;;) {
      dispatcher.wake()
      await dispatcher.idle()
      const free = slots - running.length
      const taken = queue.gradings.splice(0, free)
      for (const gradingId of taken) await begin(gradingId)
      if (taken.length === 0) break
    }
    if (running.length < slots && (await store.counts()).waiting > 0) idled++
  }

  async function begin(gradingId: string): Promise<void> {
    const claim = await store.claim(gradingId, 'worker-1')
    const planned = handedIn.get(gradingId)!
    if (!claim || begun.has(gradingId)) return void gradedTwice++
    begun.add(gradingId)
    const { id, owner, group, flood, atMs } = planned
    graded.push({ id, owner, group, flood, waitMs: at() - atMs, startedAt: at() })
    const end = async () => {
      if ((await store.recordReport(gradingId, claim.token, reportOf(claim, 'accepted'))) !== 'recorded') gradedTwice++
    }
    running.push({ id: gradingId, token: claim.token, endsAt: at() + Math.max(1, Math.round(exerciseOf(planned).ms(planned.draw))), end })
  }

  /** Asks for one of those who wait, another each time. */
  async function ask(): Promise<void> {
    const waiting = [...handedIn.values()].filter(each => !begun.has(each.gradingId))
    askAt = at() + askEveryMs
    const one = waiting[(asked.length * 31) % Math.max(1, waiting.length)]
    const said = one && (await store.placeInLine(one.id))
    if (one && said) asked.push({ id: one.id, at: at(), begun: graded.length, said })
  }
}

type MemoryQueue = GradingQueue & { gradings: string[] }

function memoryQueue(): MemoryQueue {
  const gradings: string[] = []
  return {
    gradings,
    state: () => ({ state: 'ready' }),
    onChange: () => () => {},
    add: async entries => void gradings.push(...entries.map(each => each.gradingId)),
    missing: async () => [],
    close: async () => {},
  }
}
