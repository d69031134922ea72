import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { GradingEvent } from '../../core/worker-api.ts'
import { EventSender } from '../../worker/event-sender.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const done = (done: number): GradingEvent => ({ type: 'test', done, total: 9 })

function sender(answer: () => Promise<void> = async () => {}) {
  const sent: GradingEvent[][] = []
  const events = new EventSender(
    async some => {
      sent.push(some)
      await answer()
    },
    { gatherMs: 100 },
  )
  return { sent, events }
}

test('what comes within a while goes together, in order', async () => {
  const { sent, events } = sender()
  events.add(done(1))
  await vi.advanceTimersByTimeAsync(60)
  events.add(done(2))
  await vi.advanceTimersByTimeAsync(60)
  events.add(done(3))
  await vi.advanceTimersByTimeAsync(100)
  expect(sent).toEqual([[done(1), done(2)], [done(3)]])
  expect(await events.rest()).toEqual([])
})

test('what was not sent yet is left for the report', async () => {
  const { sent, events } = sender()
  events.add(done(1))
  expect(await events.rest()).toEqual([done(1)])
  await vi.advanceTimersByTimeAsync(1000)
  expect(sent).toEqual([])
})

test('nothing is left on its way: a server that answers late gets nothing out of order', async () => {
  const answer = Promise.withResolvers<void>()
  const { sent, events } = sender(() => answer.promise)
  events.add(done(1))
  await vi.advanceTimersByTimeAsync(100)
  events.add(done(2))
  await vi.advanceTimersByTimeAsync(1000)
  const rest = events.rest()
  answer.reject(new Error('the server is away'))
  expect(await rest).toEqual([done(2)])
  await vi.advanceTimersByTimeAsync(1000)
  expect(sent).toEqual([[done(1)]])
})
