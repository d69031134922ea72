import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type LearnerServer = AsyncDisposable & { port: number; requests: string[] }

/** A well-behaved program: answers with what it was asked; `/never` is not answered. */
export async function startLearnerServer(): Promise<LearnerServer> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    // A request that is broken off has no answer.
    if (request.url !== '/never') answer(request, response).catch(() => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, url, headers } = request
  const body = Buffer.concat((await request.toArray()) as Buffer[]).toString()
  response.setHeader('content-type', 'application/json').setHeader('set-cookie', ['a=1', 'b=2'])
  response.end(JSON.stringify({ method, url, headers, body }))
}
