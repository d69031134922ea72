import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { OUTCOMES } from '../../core/outcome.ts'
import { gradingEventSchema } from '../../core/worker-api.ts'
import { CommandError, EXIT } from '../errors.ts'
import type { LiveEvent } from '../render/live.ts'
import type { Api } from './api.ts'
import { serverSentEvents } from './server-sent-events.ts'

/** An event with its place in the submission's own row of events. */
export type FollowedEvent = { id: string; event: LiveEvent; at: number }

const eventSchema = z.union([
  gradingEventSchema,
  z.looseObject({ type: z.literal('queued'), reason: z.string().optional() }),
  z.looseObject({
    type: z.literal('finished'),
    outcome: z.enum(OUTCOMES),
    score: z.looseObject({ earned: z.number(), possible: z.number() }).nullish(),
  }),
])

/** A server says something at least every 15 s or so; a longer silence is a connection that died unseen. */
const SILENCE_MS = 60_000
const PAUSES_MS = [200, 500, 1000, 2000, 4000, 8000, 8000, 8000, 8000] as const

/**
 * Follows a submission's events until it is finished and the server ends the row: one that was queued again goes on
 * behind an earlier end. A connection that breaks is opened again behind the last event
 * seen, with growing pauses; after some 40 s without a server it throws.
 */
export async function follow(api: Api, id: string, signal: AbortSignal, onEvent: (event: FollowedEvent) => void): Promise<void> {
  let lastId = ''
  let failures = 0
  let finished = false
  for (;;) {
    try {
      const silence = new AbortController()
      const timer = setTimeout(() => silence.abort(new Error('the connection went silent')), SILENCE_MS)
      try {
        const response = await api.open(`/submissions/${encodeURIComponent(id)}/events`, {
          headers: { accept: 'text/event-stream', ...(lastId && { 'last-event-id': lastId }) },
          signal: AbortSignal.any([signal, silence.signal]),
        })
        if (response.status === 204) return
        const body = response.body!.pipeThrough(
          new TransformStream<Uint8Array, Uint8Array>({
            transform(chunk, controller) {
              timer.refresh()
              controller.enqueue(chunk)
            },
          }),
        )
        for await (const sent of serverSentEvents(body)) {
          failures = 0
          if (sent.id) lastId = sent.id
          const event = eventOf(sent)
          if (!event) continue
          finished = event.type === 'finished'
          onEvent({ id: sent.id, event, at: timeOf(sent.data) })
        }
        if (finished) return
      } finally {
        clearTimeout(timer)
      }
    } catch (error) {
      signal.throwIfAborted()
      // A refusal is an answer: asking again changes nothing.
      if (error instanceof CommandError && error.exitCode !== EXIT.graderFault) throw error
      if (failures >= PAUSES_MS.length) {
        throw new CommandError(
          EXIT.graderFault,
          `The server at ${api.url} went away while ${id} was followed. It is kept; see "assay status ${id}".`,
          {
            cause: error,
          },
        )
      }
    }
    await pause(PAUSES_MS[failures++] ?? 0, undefined, { signal })
  }
}

/** An event of a later version than ours is passed over. */
function eventOf({ event: type, data }: { event: string; data: string }): LiveEvent | undefined {
  try {
    const value = JSON.parse(data) as Record<string, unknown>
    const { at: _, id: __, ...bare } = typeof value['type'] === 'string' ? value : { ...value, type }
    const isTest = type === 'test' && typeof value['id'] === 'string'
    return eventSchema.parse(isTest ? { ...bare, id: value['id'] } : bare)
  } catch {
    return undefined
  }
}

/** When it happened by the server's clock, if it says so, else now. */
function timeOf(data: string): number {
  try {
    const time = Date.parse((JSON.parse(data) as { at?: string }).at ?? '')
    return Number.isNaN(time) ? Date.now() : time
  } catch {
    return Date.now()
  }
}
