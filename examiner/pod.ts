import type { Duplex } from 'node:stream'
import { Client } from 'pg'
import type { ControlAction } from '../core/examiner-protocol.ts'
import type { ProgramEnd } from './worker-line.ts'

/** All that an examiner can reach. */
export type Pod = {
  /**
   * A new connection to the subject's port. It breaks (`error`, `close`) when the program doesn't take it;
   * there is no `connect` event.
   */
  openSubject: () => Duplex
  /** A new PostgreSQL session, logged in, over the database's local socket. Rejects when the server refuses it. */
  openDb: (user: string, database: string, settings?: Record<string, string>) => Promise<Client>
  /** The same for the exercise's reference, where it names one. */
  reference?: Pick<Pod, 'openSubject' | 'openDb'>
  /** Asks the worker for something; resolves when it is done, rejects with the worker's words when it failed. */
  control: (action: ControlAction) => Promise<void>
  /** Resolves with how the subject ended, once it has after `subject.signal`; to be called before that is asked for. */
  exited: () => Promise<ProgramEnd>
  /** Hears what the subject prints from now on, until the returned function is called. */
  onOutput: (listener: (from: 'stdout' | 'stderr', text: string) => void) => () => void
}

/**
 * Logs in over a stream that is connected already. Queries are sent as they are asked, and answered in that order; one that
 * fails doesn't keep those after it from being run. `settings` are the session's own and stand above whatever a role
 * or database has as its default.
 */
export async function logIn(stream: Duplex, user: string, database: string, settings: Record<string, string> = {}): Promise<Client> {
  const options = Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value.replace(/[\\ ]/g, '\\$&')}`)
    .join(' ')
  const client = new Client({
    stream: () => asSocket(stream),
    user,
    database,
    password: '',
    ssl: false,
    application_name: 'examiner',
    // What is asked in one turn goes out at once: each way there and back wakes every process between us and the server.
    pipeline: true,
    ...(options && { options }),
  })
  // A session that ends of itself is told by its queries; without a listener it would end this process.
  client.on('error', () => {})
  await client.connect()
  return client
}

/** What pg asks of a socket beyond a stream. */
function asSocket(stream: Duplex): never {
  // Over a relayed stream the server's end closes one direction only, which pg takes for silence.
  stream.once('end', () => stream.destroy())
  return Object.assign(stream, {
    connect: () => process.nextTick(() => stream.emit('connect')),
    setNoDelay: () => stream,
    setKeepAlive: () => stream,
    ref: () => stream,
    unref: () => stream,
  }) as never
}
