import { once } from 'node:events'
import { STATUS_CODES, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { Refusal } from './refusal.ts'

/** dockerode repeats an attach's parameters as its body. */
const BODY_AT_MOST = 1024
const BODY_COMES_WITHIN = 10_000

/** Takes an upgrade's body off the stream: what follows it is for the box. */
export async function dropBody({ headers }: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
  let left = Number(headers['content-length'] ?? 0)
  if (headers['transfer-encoding'] !== undefined || !(left <= BODY_AT_MOST)) throw new Refusal('an attach has no such body', 413)
  if (head.length > 0) socket.unshift(head)
  const signal = AbortSignal.timeout(BODY_COMES_WITHIN)
  while (left > 0) {
    if (socket.destroyed || socket.readableEnded) throw new Error('the worker went away')
    const chunk = socket.readableLength > 0 ? (socket.read(Math.min(left, socket.readableLength)) as Buffer | null) : null
    if (chunk) left -= chunk.length
    else await once(socket, 'readable', { signal })
  }
}

/** Refuses an upgrade: by then the connection has left the HTTP server. */
export function refuseRaw(socket: Duplex, status: number, body: string): void {
  const headers = `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close`
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${headers}\r\n\r\n${body}`)
}
