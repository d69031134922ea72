import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One program, safe or weak: what it answers to a request that came to its name, `/<name>/…`. */
export type Program = (asked: Asked, response: ServerResponse) => unknown
export type Asked = { method: string; url: URL; parts: string[]; headers: IncomingMessage['headers']; body: string }

export type ProbedServer = AsyncDisposable & { port: number }

/** Several programs behind one port. What a program throws is a plain 500. */
export async function startProbedServer(programs: Record<string, Program>): Promise<ProbedServer> {
  const server = createServer((request, response) => void answer(programs, request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function answer(programs: Record<string, Program>, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = Buffer.concat((await request.toArray()) as Buffer[]).toString()
  const url = new URL(request.url!.replace(/^\/+/, '/'), 'http://localhost')
  const [name, ...parts] = url.pathname.slice(1).split('/')
  try {
    await programs[name!]!({ method: request.method!, url, parts, headers: request.headers, body }, response)
  } catch {
    send(response, 500, { error: 'internal' })
  }
}

export function send(response: ServerResponse, status: number, json: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(json))
}
