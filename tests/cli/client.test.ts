import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createApi, type Api } from '../../cli/client/api.ts'
import { follow } from '../../cli/client/follow.ts'
import { serverSentEvents } from '../../cli/client/server-sent-events.ts'
import { submit } from '../../cli/client/submissions.ts'
import { CommandError, EXIT } from '../../cli/errors.ts'
import type { LiveEvent } from '../../cli/render/live.ts'

const servers: AsyncDisposable[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server[Symbol.asyncDispose]()
})

/** A server that plays what a test says, over a real socket. */
async function serve(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<Api> {
  const server = createServer(handle).listen(0, '127.0.0.1')
  servers.push({ [Symbol.asyncDispose]: () => new Promise<void>(done => (server.closeAllConnections(), server.close(() => done()))) })
  await once(server, 'listening')
  return createApi({ serverUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: 'asy_x' })
}

const never = new AbortController().signal
const event = (id: number, type: string, fields: object = {}) =>
  `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`

describe('following a submission', () => {
  test('goes on behind the last event seen when the connection breaks', async () => {
    const asked: (string | undefined)[] = []
    const api = await serve((request, response) => {
      asked.push(request.headers['last-event-id'] as string | undefined)
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      if (asked.length === 1) {
        response.write(event(1, 'queued') + event(2, 'started') + 'id: 3\nevent: test\ndata: {"ty')
        setImmediate(() => response.destroy())
      } else if (asked.length === 2) response.end(event(3, 'test', { done: 1, total: 2, id: 'creates', passed: true }) + ': still here\n\n')
      else
        response.end(
          event(4, 'test', { done: 2, total: 2 }) + event(5, 'finished', { outcome: 'accepted', score: { earned: 1, possible: 1 } }),
        )
    })
    const seen: LiveEvent[] = []
    await follow(api, 'sub_1', never, ({ event }) => seen.push(event))
    expect(asked).toEqual([undefined, '2', '3'])
    expect(seen.map(one => one.type)).toEqual(['queued', 'started', 'test', 'test', 'finished'])
    expect(seen[2]).toEqual({ type: 'test', done: 1, total: 2, id: 'creates', passed: true })
  })

  test('goes on behind an end that a requeue has made an earlier one', async () => {
    const api = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end(
        event(1, 'finished', { outcome: 'grader_error' }) +
          event(2, 'queued', { reason: 'regrade' }) +
          event(3, 'finished', { outcome: 'accepted' }),
      )
    })
    const seen: LiveEvent[] = []
    await follow(api, 'sub_1', never, ({ event }) => seen.push(event))
    expect(seen.at(-1)).toMatchObject({ type: 'finished', outcome: 'accepted' })
    expect(seen).toHaveLength(3)
  })

  test('passes over events that it does not know, and ends when nothing more will come', async () => {
    let asked = 0
    const api = await serve((_, response) => {
      asked += 1
      if (asked === 1) response.writeHead(200).end(event(1, 'weather', { sky: 'blue' }) + 'event: test\ndata: not json\n\n')
      else response.writeHead(204).end()
    })
    const seen: LiveEvent[] = []
    await follow(api, 'sub_1', never, ({ event }) => seen.push(event))
    expect(seen).toEqual([])
  })

  test('takes a refusal as an answer', async () => {
    const api = await serve((_, response) =>
      response
        .writeHead(404, { 'content-type': 'application/problem+json' })
        .end('{"title":"Not found","detail":"There is no submission sub_1"}'),
    )
    await expect(follow(api, 'sub_1', never, () => {})).rejects.toMatchObject({
      exitCode: EXIT.notFound,
      message: 'There is no submission sub_1',
    })
  })

  test('ends at once when interrupted', async () => {
    const stop = new AbortController()
    const api = await serve((_, response) => response.writeHead(200).write(event(1, 'queued')))
    const reason = new Error('stop')
    await expect(follow(api, 'sub_1', stop.signal, () => stop.abort(reason))).rejects.toBe(reason)
  })
})

describe('events over the wire', () => {
  const read = async (...chunks: string[]) => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(Buffer.from(chunk, 'latin1'))
        controller.close()
      },
    })
    const events = []
    for await (const event of serverSentEvents(body)) events.push(event)
    return events
  }

  test.each([
    ['every kind of line break, also one in halves', ['data: a\r', '\n\r\ndata: b\r\rdata: c\n\n'], ['a', 'b', 'c']],
    ['data of several lines, with and without a space', ['data: a\ndata:b\ndata\n\n'], ['a\nb\n']],
    [
      'characters in halves',
      [Buffer.from('data: é\n\n').toString('latin1').slice(0, 7), Buffer.from('data: é\n\n').toString('latin1').slice(7)],
      ['é'],
    ],
    ['nothing from comments, unknown fields and an unfinished event', [': hi\nretry: 5\nfoo: bar\n\ndata: half'], []],
  ])('reads %s', async (_, chunks, data) => {
    expect((await read(...chunks)).map(one => one.data)).toEqual(data)
  })

  test('keeps the last id for events without one of their own', async () => {
    expect(await read('id: 7\nevent: x\ndata: a\n\ndata: b\n\n')).toEqual([
      { id: '7', event: 'x', data: 'a' },
      { id: '7', event: 'message', data: 'b' },
    ])
  })

  test('refuses a line without end', async () => {
    await expect(read('data: '.padEnd(1024 * 1024 + 2, 'x'))).rejects.toThrow('a line above')
  })
})

describe('a refusal', () => {
  test.each([
    [401, {}, EXIT.auth, 'ASSAY_TOKEN is not a valid token'],
    [403, { detail: 'A token of role learner may not do this.' }, EXIT.auth, 'use one of another role'],
    [404, { title: 'Not found' }, EXIT.notFound, 'Not found'],
    [409, { detail: 'It is over already' }, EXIT.usage, 'It is over already'],
    [
      422,
      { title: 'Not acceptable', detail: 'too long', errors: [{ pointer: '/files/a', detail: 'too long' }] },
      EXIT.usage,
      'Not acceptable\n  /files/a: too long',
    ],
    [422, { errors: [{ pointer: '/exercise', detail: 'there is no exercise "x"' }] }, EXIT.notFound, '/exercise: there is no exercise "x"'],
    [429, {}, EXIT.graderFault, 'Try again in 7 s.'],
    [503, {}, EXIT.graderFault, 'Try again in 7 s.'],
    [507, {}, EXIT.graderFault, 'disk is full'],
    [502, '<html>proxy</html>', EXIT.graderFault, 'status 502'],
    [400, { detail: '\u001b[31mred\u0007', errors: [null, 7] }, EXIT.usage, 'red'],
  ])('with status %i is told with what to do', async (status, body, exitCode, words) => {
    const api = await serve((_, response) =>
      response.writeHead(status, { 'retry-after': '7' }).end(typeof body === 'string' ? body : JSON.stringify(body)),
    )
    const error: unknown = await api.send('GET', '/submissions/x').catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(CommandError)
    expect(error).toMatchObject({ exitCode, message: expect.stringContaining(words) })
    expect((error as Error).message).not.toContain('\u001b')
  })

  test('for want of a token says where one comes from', async () => {
    const { url } = await serve((_, response) => response.writeHead(401).end('{}'))
    await expect(createApi({ serverUrl: url }).send('GET', '/x')).rejects.toMatchObject({
      message: expect.stringContaining('Set ASSAY_TOKEN'),
    })
  })
})

test('where nobody listens it is said how to start a server', async () => {
  const api = await serve(() => {})
  await servers.splice(0)[0]![Symbol.asyncDispose]()
  await expect(api.send('GET', '/x')).rejects.toMatchObject({ exitCode: EXIT.graderFault, message: expect.stringContaining('npm start') })
})

test('handing in repeats a request whose answer was lost, under the same key', async () => {
  const keys: unknown[] = []
  const api = await serve((request, response) => {
    keys.push(request.headers['idempotency-key'])
    if (keys.length === 1) request.socket.destroy()
    else response.writeHead(202).end('{"id":"sub_1","state":"queued"}')
  })
  expect(await submit(api, { exercise: 'x', files: { 'a.js': '1' } })).toMatchObject({ id: 'sub_1' })
  expect(keys).toHaveLength(2)
  expect(keys[0]).toBe(keys[1])
})
