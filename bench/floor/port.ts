import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below those that the kernel gives to connections (Linux: from 32768 on). */
const FIRST = 20_000
const LAST = 32_000
const TRIES = 100

/**
 * A port for a program that is started again and again. One of those that the kernel hands out would not do: between two starts
 * a connection may get it, even one that asks whether the program listens, which then finds itself.
 */
export async function portForStarts(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST))
    const server = createServer().listen(port, '127.0.0.1')
    const free = await once(server, 'listening').then(
      () => true,
      () => false,
    )
    server.close()
    if (free) return port
  }
  throw new Error(`no free port from ${FIRST} to ${LAST}`)
}
