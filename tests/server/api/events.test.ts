import { describe, expect, test } from 'vitest'
import { createHints } from '../../../server/events.ts'
import { TestApi, type Caller } from './api.ts'

type Sent = { id: string; event: string; data: Record<string, unknown> }

/** An API that listens, and a way to follow a submission over a real socket. */
async function listening(given?: Parameters<typeof TestApi.open>[0]) {
  const api = await TestApi.open(given)
  const address = await api.app.listen({ port: 0, host: '127.0.0.1' })
  return Object.assign(api, { follow })

  async function follow(id: string, { as = 'learner', lastEventId }: { as?: Exclude<Caller, 'nobody'>; lastEventId?: string } = {}) {
    const response = await fetch(`${address}/api/v1/submissions/${id}/events`, {
      headers: {
        authorization: `Bearer ${api.tokens[as]}`,
        accept: 'text/event-stream',
        ...(lastEventId && { 'last-event-id': lastEventId }),
      },
    })
    return { response, events: eventsOf(response) }
  }
}

async function* eventsOf(response: Response): AsyncGenerator<Sent> {
  let rest = ''
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split('\n\n')
    rest = blocks.pop()!
    for (const block of blocks) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? ''
      if (field('data')) yield { id: field('id'), event: field('event'), data: JSON.parse(field('data')) as Record<string, unknown> }
    }
  }
}

async function all(events: AsyncIterable<Sent>): Promise<Sent[]> {
  const sent = []
  for await (const each of events) sent.push(each)
  return sent
}

describe('following a submission', () => {
  test('begins with what was, goes on with what comes, and ends with the verdict', async () => {
    await using api = await listening()
    const id = await api.submit()
    const { response, events } = await api.follow(id)
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect((await events.next()).value).toMatchObject({ id: '1', event: 'queued', data: { type: 'queued', reason: 'first' } })
    await api.grade(id)
    const rest = await all(events)
    expect(rest.map(({ id, event }) => `${id} ${event}`)).toEqual(['2 started', '3 test', '4 test', '5 finished'])
    expect(rest.at(-1)!.data).toMatchObject({ outcome: 'wrong_answer', score: { earned: 0, possible: 2 } })
  })

  test('a visible test is named; a hidden one only counts, without a time', async () => {
    await using api = await listening()
    const id = await api.submit()
    await api.grade(id)
    const { events } = await api.follow(id)
    const tests = (await all(events)).filter(({ event }) => event === 'test').map(({ data }) => data)
    expect(tests).toEqual([
      { type: 'test', done: 1, total: 2, id: 'few', passed: true, at: expect.any(String) as string },
      { type: 'test', done: 2, total: 2 },
    ])
  })

  test('hidden tests that end between two ticks of the clock are one event to a learner, and staff see each', async () => {
    await using api = await listening()
    const id = await api.submit()
    const { gradingId } = (await api.store.submission(id))!
    const claim = (await api.store.claim(gradingId, 'w1'))!
    const ended = [1, 2, 3].map(done => ({ type: 'test', done, total: 4 }) as const)
    await api.store.recordEvents(gradingId, claim.token, ended)
    const learner = (await api.follow(id)).events
    const staff = (await api.follow(id, { as: 'staff' })).events
    const firstTest = async (events: AsyncGenerator<Sent>) => {
      for (let next = await events.next(); !next.done; next = await events.next()) if (next.value.event === 'test') return next.value.data
      return undefined
    }
    expect(await firstTest(staff)).toEqual({ ...ended[0], at: expect.any(String) as string })
    // Nothing follows yet: the tick alone lets it through.
    expect(await firstTest(learner)).toEqual(ended[2])
    await api.store.cancel(id)
    expect((await all(learner)).map(({ event }) => event)).toEqual(['finished'])
    expect((await all(staff)).map(({ event }) => event)).toEqual(['test', 'test', 'finished'])
  })

  test('names visible tests that were collected only after following began', async () => {
    await using api = await listening()
    const id = await api.submit()
    const { events } = await api.follow(id)
    await events.next()
    await api.grade(id)
    expect((await all(events)).find(({ event }) => event === 'test')!.data).toMatchObject({ id: 'few' })
  })

  test('a hidden test that a worker named by mistake is not named to a learner', async () => {
    await using api = await listening()
    const id = await api.submit()
    const { gradingId, version } = (await api.store.submission(id))!
    const claim = (await api.store.claim(gradingId, 'w1'))!
    await api.store.recordEvents(gradingId, claim.token, [{ type: 'test', done: 1, total: 1, id: 'canary-id', passed: true }])
    await api.store.cancel(id)
    const before = await all((await api.follow(id)).events)
    expect(JSON.stringify(before)).not.toContain('canary')
    expect(version).toBeDefined()
  })

  test('comes back behind the last event that was seen', async () => {
    await using api = await listening()
    const id = await api.submit()
    await api.grade(id)
    const { events } = await api.follow(id, { lastEventId: '3' })
    expect((await all(events)).map(sent => sent.id)).toEqual(['4', '5'])
  })

  test('with nothing more to come says so, so that a browser stops asking', async () => {
    await using api = await listening()
    const id = await api.submit()
    await api.grade(id)
    expect((await api.follow(id, { lastEventId: '5' })).response.status).toBe(204)
  })

  test.each(['nonsense', '-1', '999', '1.5', '0'])('from the first when the last seen is %s', async lastEventId => {
    await using api = await listening()
    const id = await api.submit()
    await api.store.cancel(id)
    const { events } = await api.follow(id, { lastEventId })
    expect((await all(events)).map(sent => sent.id)).toEqual(['1', '2'])
  })

  test('goes on through a requeue', async () => {
    await using api = await listening()
    const id = await api.submit()
    const fault = { outcome: 'grader_error', fault: 'grader' } as const
    await api.grade(id, fault)
    await api.grade(id, fault)
    await api.store.requeue(id)
    const { events } = await api.follow(id)
    const types: string[] = []
    for await (const { event } of events) {
      types.push(event)
      if (types.filter(type => type === 'queued').length === 3) break
    }
    expect(types.at(-1)).toBe('queued')
  })

  test('two follow at once and see the same', async () => {
    await using api = await listening()
    const id = await api.submit()
    const followers = await Promise.all([api.follow(id), api.follow(id, { as: 'staff' })])
    await api.grade(id)
    const [one, other] = await Promise.all(followers.map(({ events }) => all(events)))
    expect(one!.map(sent => sent.id)).toEqual(other!.map(sent => sent.id))
  })

  test('is over at once when the server ends, and the follower comes back later', async () => {
    const api = await listening()
    const id = await api.submit()
    const { events } = await api.follow(id)
    await events.next()
    const rest = all(events)
    await api[Symbol.asyncDispose]()
    expect(await rest).toEqual([])
  })

  test('forgets a follower who went away', async () => {
    const hints = createHints()
    const forgotten = Promise.withResolvers<void>()
    const onEvent: typeof hints.onEvent = (submissionId, listener) => {
      const end = hints.onEvent(submissionId, listener)
      return () => {
        end()
        forgotten.resolve()
      }
    }
    await using api = await listening({ hints: { ...hints, onEvent } })
    const { events } = await api.follow(await api.submit())
    await events.next()
    await events.return(undefined)
    await forgotten.promise
  })

  test('is refused to those who take no events', async () => {
    await using api = await TestApi.open()
    const id = await api.submit()
    const { status, headers } = await api.call('GET', `/api/v1/submissions/${id}/events`, { headers: { accept: 'application/json' } })
    expect(status).toBe(406)
    expect(headers['content-type']).toBe('application/problem+json')
  })
})
