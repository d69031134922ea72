import { createConnection, type NetConnectOpts } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

const POLL_MS = 5
/** A program that waited listens within a few milliseconds: at first it is asked more often, so that the asking takes less than the start. */
const QUICK_POLL_MS = 1
const QUICK_FOR_MS = 60
/** Where a program may listen. The second is there under gVisor alone, whose boxes know IPv6 and call it "localhost" first. */
const LOOPBACKS = ['127.0.0.1', '::1'] as const
export type Loopback = (typeof LOOPBACKS)[number]

type Target = {
  port: number
  adminSocket?: string | undefined
  /** Whether it is about to listen. */
  soon: boolean
}

/**
 * Resolves once the program accepts connections: a TCP accept on its port, or, for PostgreSQL (adminSocket), the server's
 * consent to a login, since it accepts connections before it takes queries. Says on which address. Gives up when `over` says so;
 * the time limit is the worker's.
 */
export async function acceptsConnections({ port, adminSocket, soon }: Target, over: () => boolean): Promise<Loopback> {
  const began = performance.now()
  const hosts = new Set(LOOPBACKS)
  while (!over()) {
    if (adminSocket && (await postgresAnswers(adminSocket))) break
    if (!adminSocket)
      for (const host of hosts) {
        const found = await tryTcp({ host, port })
        if (found === 'accepts') return firstThatAccepts(port, host)
        if (found === 'no such address') hosts.delete(host)
      }
    await wait(soon && performance.now() - began < QUICK_FOR_MS ? QUICK_POLL_MS : POLL_MS)
  }
  return LOOPBACKS[0]
}

/**
 * A program that listens on every address may have begun to between two questions. It is reached by the same one at each start, or
 * its peer's address would tell one start from another.
 */
async function firstThatAccepts(port: number, found: Loopback): Promise<Loopback> {
  for (const host of LOOPBACKS) if (host === found || (await tryTcp({ host, port })) === 'accepts') return host
  return found
}

type Found = 'accepts' | 'refuses' | 'no such address'

function tryTcp(address: NetConnectOpts): Promise<Found> {
  const { promise, resolve } = Promise.withResolvers<Found>()
  const socket = createConnection(address)
  socket.once('connect', () => {
    socket.destroy()
    resolve('accepts')
  })
  socket.once('error', error => resolve((error as NodeJS.ErrnoException).code === 'EADDRNOTAVAIL' ? 'no such address' : 'refuses'))
  return promise
}

function postgresAnswers(path: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = createConnection(path)
  socket.once('connect', () => socket.write(startupMessage({ user: 'assay', database: 'postgres' })))
  // 'R' is an answer to the login; 'E' an error such as "the database system is starting up".
  socket.once('data', (data: Buffer) => {
    socket.destroy()
    resolve(data[0] === 'R'.charCodeAt(0))
  })
  socket.once('error', () => resolve(false))
  socket.once('close', () => resolve(false))
  return promise
}

/** The frontend/backend protocol's StartupMessage, version 3.0. */
function startupMessage(parameters: Record<string, string>): Buffer {
  const body = Buffer.from(`${Object.entries(parameters).flat().join('\0')}\0\0`)
  const head = Buffer.alloc(8)
  head.writeInt32BE(8 + body.length, 0)
  head.writeInt32BE(196_608, 4)
  return Buffer.concat([head, body])
}
