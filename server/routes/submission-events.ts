import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { z } from 'zod'
import { isCountOnly, viewEvent, type Reader } from '../../core/report-view.ts'
import type { TestFact } from '../../core/tests-list.ts'
import { actorOf } from '../auth.ts'
import { tellable, type Told } from '../coarse-events.ts'
import type { HintBus } from '../events.ts'
import { Problem, problems } from '../problem.ts'
import type { App, Deps } from '../app.ts'
import type { Store, StoredEvent, Submission } from '../store/store.ts'
import { readable } from './readable.ts'
import { submissionParams } from './schemas.ts'

/*
 * A submission's events, live: the store's table is read behind the last event that was sent, again at every hint and, since
 * a hint may be lost, every POLL_MS. So a follower who comes late, comes back with Last-Event-ID or follows a submission
 * graded through another server sees the same row of events.
 */
const POLL_MS = 2_000
/** Connections that one token may keep open. */
const MAX_FOLLOWED = 100
const CLOSE_MS = 1_000

export function submissionEventRoutes(app: App, deps: Deps): void {
  const { store, hints } = deps
  const followed = new Map<string, number>()
  const stopping = new AbortController()
  const answers = new Set<ServerResponse>()
  // Followers come back with Last-Event-ID once another server is up. One that doesn't read can't hold up our end.
  app.addHook('preClose', async () => {
    stopping.abort()
    setTimeout(() => answers.forEach(answer => answer.destroy()), CLOSE_MS).unref()
  })

  app.get(
    '/api/v1/submissions/:id/events',
    {
      sse: 'manual',
      exposeHeadRoute: false,
      schema: {
        summary: 'Follow a submission until it is over',
        description:
          'Server-sent events `queued`, `started`, `progress`, `test`, `finished`, numbered from 1. With `Last-Event-ID` only what came after it; 204 when nothing will come any more. A hidden test counts, but is not named, and a learner hears of it a few seconds later.',
        tags: ['submissions'],
        params: submissionParams,
        headers: z.looseObject({ 'last-event-id': z.string().max(40).optional() }),
        response: {
          200: { description: 'Events', content: { 'text/event-stream': { schema: z.string() } } },
          204: z.undefined().describe('It is over, and its last event was the one named'),
          ...problems(401, 404, 406, 429),
        },
      },
    },
    async (request, reply) => {
      const submission = await readable(store, request, request.params.id)
      const actor = actorOf(request)
      if (!/^$|\*\/\*|text\/(\*|event-stream)/i.test(request.headers.accept ?? ''))
        throw new Problem(406, 'not-acceptable', 'Not acceptable', 'Events come as text/event-stream only.')
      const after = await lastSeen(store, submission.id, request.headers['last-event-id'])
      if (submission.finishedAt !== null && (await store.readEvents(submission.id, after, 1)).length === 0) {
        await reply.code(204).send()
        return
      }

      const open = followed.get(actor.tokenId) ?? 0
      if (open >= MAX_FOLLOWED)
        throw new Problem(429, 'too-many-followed', 'Too many connections', `At most ${MAX_FOLLOWED} submissions are followed at a time.`, {
          headers: { 'retry-after': '10' },
        })
      followed.set(actor.tokenId, open + 1)
      const gone = new AbortController()
      answers.add(reply.raw)
      reply.sse.onClose(() => {
        gone.abort()
        answers.delete(reply.raw)
        const left = followed.get(actor.tokenId)! - 1
        if (left === 0) followed.delete(actor.tokenId)
        else followed.set(actor.tokenId, left)
      })

      reply.sse.sendHeaders()
      const signal = AbortSignal.any([gone.signal, stopping.signal])
      const view = viewFor(store, submission, actor)
      for await (const { id, seen } of eventsOf(store, hints, submission.id, after, view, signal)) {
        await reply.sse.send({ id: String(id), event: seen.type, data: seen })
      }
    },
  )
}

/** An id that never was is none: then the events come from the first. */
async function lastSeen(store: Store, submissionId: string, given = ''): Promise<number> {
  const id = /^[1-9]\d{0,14}$/.test(given) ? Number(given) : 0
  return id > 0 && (await store.readEvents(submissionId, id - 1, 1)).length > 0 ? id : 0
}

type View = (stored: StoredEvent) => Promise<Told>

/** How this reader sees the submission's events, one after the other. */
function viewFor(store: Store, { id: submissionId, version: first }: Submission, reader: Reader): View {
  let version = first
  let tests: TestFact[] | undefined
  return async ({ id, at, event }) => {
    // Queued again, it may be graded by a newer version; and its tests may be collected only while it is followed.
    if (event.type === 'queued') version = (await store.submission(submissionId))?.version ?? version
    if (event.type === 'queued') tests = undefined
    if (event.type === 'test') tests ??= await store.tests(version)
    return { id, at: Date.parse(at), countOnly: isCountOnly(event, reader, tests), seen: viewEvent({ ...event, at }, reader, tests) }
  }
}

/** Ends after `finished`, unless the submission was queued again since. */
async function* eventsOf(
  store: Store,
  hints: HintBus,
  submissionId: string,
  after: number,
  view: View,
  signal: AbortSignal,
): AsyncGenerator<Told> {
  const news = new EventTarget()
  const unsubscribe = hints.onEvent(submissionId, () => news.dispatchEvent(new Event('hint')))
  try {
    let last = after
    while (!signal.aborted) {
      // Listening begins before reading: a hint that comes in between isn't missed.
      const wake = new AbortController()
      const hint = once(news, 'hint', { signal: AbortSignal.any([signal, wake.signal]) }).catch(() => {})
      const events: Told[] = []
      for (const stored of await store.readEvents(submissionId, last)) events.push(await view(stored))
      const { due, waitMs } = tellable(events, Date.now())
      for (const event of due) {
        if (signal.aborted) return
        last = event.id
        yield event
      }
      if (due.at(-1)?.seen.type === 'finished') return
      const patience = due.length > 0 ? 0 : Math.min(waitMs, POLL_MS)
      const timer = setTimeout(() => wake.abort(), patience)
      await hint
      clearTimeout(timer)
    }
  } finally {
    unsubscribe()
  }
}
