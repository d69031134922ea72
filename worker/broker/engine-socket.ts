import { request, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

/*
 * The engine's own socket. Every request is written anew from what was read out of the worker's; nothing of the worker's
 * bytes gets here but what it says to a box.
 */
export type EngineSocket = ReturnType<typeof engineSocket>
export type Ask = { method: string; path: string; query?: Record<string, string>; body?: string; signal: AbortSignal }
type Answer = { status: number; body: string }

/** No answer that we read whole is longer; an inspected container is some 20 KiB. */
const ANSWER_AT_MOST = 8 * 1024 * 1024

export function engineSocket(socketPath: string) {
  return {
    /** Asks, and reads the whole answer. Rejects when the engine is away. */
    async ask(asked: Ask): Promise<Answer> {
      const answer = await open(asked)
      const chunks: Buffer[] = []
      let bytes = 0
      for await (const chunk of answer as AsyncIterable<Buffer>) {
        bytes += chunk.length
        if (bytes > ANSWER_AT_MOST) throw new Error('the engine answered too much')
        chunks.push(chunk)
      }
      return { status: answer.statusCode!, body: Buffer.concat(chunks).toString('utf8') }
    },

    /** Asks, and gives the answer while it comes. */
    open,

    /** A container's stdin, stdout and stderr as one raw stream, or the engine's refusal. */
    attach(id: string, signal: AbortSignal): Promise<{ stream: Duplex; head: Buffer } | Answer> {
      const { promise, resolve, reject } = Promise.withResolvers<{ stream: Duplex; head: Buffer } | Answer>()
      const path = `/containers/${id}/attach?stream=1&stdin=1&stdout=1&stderr=1`
      const asking = request({
        socketPath,
        method: 'POST',
        path,
        signal,
        headers: { host: 'engine', connection: 'Upgrade', upgrade: 'tcp' },
      })
      asking.on('upgrade', (_, stream, head) => resolve({ stream, head }))
      asking.on('response', answer => {
        answer.resume()
        resolve({ status: answer.statusCode!, body: JSON.stringify({ message: 'the engine did not attach' }) })
      })
      asking.on('error', reject)
      asking.end()
      return promise
    },
  }

  function open({ method, path, query = {}, body, signal }: Ask): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    const parameters = new URLSearchParams(query).toString()
    const headers = {
      host: 'engine',
      ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    }
    const asking = request({ socketPath, method, path: parameters ? `${path}?${parameters}` : path, headers, signal, agent: false })
    asking.on('response', resolve)
    asking.on('error', reject)
    asking.end(body)
    return promise
  }
}
