import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { GraderError } from '../../core/errors.ts'
import { join } from '../../core/join.ts'
import { DEFAULT_ENGINE } from '../sandbox/docker/engine.ts'
import { CallAnswerer } from './answer-call.ts'
import { readCall } from './calls.ts'
import { engineSocket } from './engine-socket.ts'
import { listenOn } from './listen.ts'
import { Refusal } from './refusal.ts'
import { dropBody, refuseRaw } from './upgrade.ts'

/*
 * The broker stands between a worker and the engine, so that a worker that was taken over can make, talk to and remove
 * boxes of gradings, and nothing else: whoever holds the engine's own socket is root on its host.
 *
 *   worker ──broker.sock──▶ read the call (calls.ts) ──▶ is it about a box of ours? (answer-call.ts)
 *                           └ a new box is made of our own words (box-request.ts) ──docker.sock──▶ engine
 *
 * What is refused is answered with 403 and the reason. When the engine is away the connection is broken off, as the engine
 * itself would, so that a worker sees ENGINE_AWAY and waits.
 */
export type BrokerOptions = {
  /** Where it listens: the path of a Unix socket. */
  listen: string
  /** The engine: a Unix socket on this host, as DOCKER_HOST is written. */
  dockerHost?: string | undefined
  /** The group that may use the socket; without it only this process's own user may. */
  group?: number | undefined
  /** Told of each refusal, for the operator. */
  onRefused?: (refused: { call: string; why: string }) => void
}

export type Broker = AsyncDisposable & { readonly address: string }

const BODY_AT_MOST = 64 * 1024
const CONNECTIONS_AT_MOST = 1024

/** Listens until disposed. Throws GraderError when something else listens there, or the engine's address is no Unix socket. */
export async function openBroker({ listen, dockerHost = DEFAULT_ENGINE, group, onRefused = () => {} }: BrokerOptions): Promise<Broker> {
  if (!dockerHost.startsWith('unix://')) {
    throw new GraderError(
      'BROKER_ENGINE',
      `The broker runs on the engine's host: expected a Unix socket such as "${DEFAULT_ENGINE}", got "${dockerHost}"`,
    )
  }
  const engine = engineSocket(dockerHost.slice('unix://'.length))
  const answerer = new CallAnswerer(engine, dockerHost)
  /** Connections that have left the HTTP server. */
  const attached = new Set<Duplex>()
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 15_000, keepAlive: false }, (request, response) => {
    void answer(request, response)
  })
  server.maxConnections = CONNECTIONS_AT_MOST
  server.on('upgrade', (request, socket, head) => void attach(request, socket, head))

  await listenOn(server, listen, group)
  return {
    address: `unix://${listen}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      for (const socket of attached) socket.destroy()
      await closed
    },
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    const send = (status: number, body: string, type = 'application/json') => {
      response.writeHead(status, { 'content-type': type, connection: 'close' })
      response.end(status === 204 || status === 304 ? undefined : body)
    }
    try {
      const call = readCall(request.method!, request.url!)
      if (call.what === 'attach') throw new Refusal('a box is attached to by an upgrade alone')
      const body = await textOf(request)
      if (call.what === 'events') return await tellNews(answerer.news(call.since, gone.signal), response)
      const answered = await answerer.answer(call, body, gone.signal)
      send(answered.status, answered.body, answered.type)
    } catch (error) {
      if (error instanceof Refusal) send(error.status, wordsOf(request, error))
      // The engine is away, or the worker is.
      else response.destroy()
    }
  }

  async function attach(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy())
    attached.add(socket)
    socket.once('close', () => attached.delete(socket))
    const gone = new AbortController()
    const giveUp = () => gone.abort()
    socket.once('close', giveUp)
    try {
      const call = readCall(request.method!, request.url!)
      if (call.what !== 'attach' || request.headers.upgrade !== 'tcp') throw new Refusal('no such upgrade')
      await dropBody(request, socket, head)
      const opened = await engine.attach(await answerer.ourId(call.container, gone.signal), gone.signal)
      if (!('stream' in opened)) return refuseRaw(socket, opened.status, opened.body)
      socket.off('close', giveUp)
      socket.write(
        'HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n',
      )
      if (opened.head.length > 0) opened.stream.unshift(opened.head)
      join(socket, opened.stream)
    } catch (error) {
      if (error instanceof Refusal) refuseRaw(socket, error.status, wordsOf(request, error))
      else socket.destroy()
    }
  }

  /** In the form that the engine gives its errors. A container that is gone is no attempt at anything. */
  function wordsOf({ method, url }: IncomingMessage, { status, message }: Refusal): string {
    if (status === 404) return JSON.stringify({ message })
    const call = `${method} ${url!.slice(0, 200)}`
    onRefused({ call, why: message })
    return JSON.stringify({ message: `the broker refuses ${call}: ${message}` })
  }
}

/** Sends news until the worker goes; an engine that goes ends them, and the worker asks again. */
async function tellNews(news: AsyncIterable<string>, response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json', connection: 'close' })
  await pipeline(news, response)
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > BODY_AT_MOST) throw new Refusal(`the body is longer than ${BODY_AT_MOST} bytes`, 413)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
