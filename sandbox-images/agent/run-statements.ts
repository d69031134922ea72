import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'

/*
 * Statements of our own, one after the other in one session of the superuser, by PostgreSQL's protocol itself (version 3.0,
 * "simple query"): a program for it takes longer to start than the statements take. The socket lets its user in without a word.
 */
const PROTOCOL = 196_608
const READY = 'Z'
const ERROR = 'E'
const HEADER = 5

/** Runs them in database "postgres", each in a transaction of its own; throws with the server's words at the first that fails. */
export async function runStatements(socketPath: string, user: string, statements: readonly string[]): Promise<void> {
  const socket = createConnection(socketPath)
  const closed = once(socket, 'close').catch(() => {})
  try {
    socket.write(startup(user))
    let sent = 0
    let failed: string | undefined
    for await (const { type, body } of messages(socket)) {
      if (type === ERROR) failed ??= wordsOf(body)
      if (type !== READY) continue
      if (failed !== undefined) throw new Error(failed)
      if (sent === statements.length) return
      socket.write(query(statements[sent++]!))
    }
    // A login that is refused ends with the server's words.
    throw new Error(failed ?? 'the server closed the session')
  } finally {
    socket.end(message('X', Buffer.alloc(0)))
    socket.resume()
    await closed
  }
}

async function* messages(socket: Socket): AsyncGenerator<{ type: string; body: Buffer }> {
  let held: Buffer = Buffer.alloc(0)
  // Leaving off must not destroy the socket: the session is ended in words.
  for await (const chunk of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    held = Buffer.concat([held, chunk])
    while (held.length >= HEADER && held.length > held.readInt32BE(1)) {
      const end = 1 + held.readInt32BE(1)
      yield { type: String.fromCharCode(held[0]!), body: held.subarray(HEADER, end) }
      held = held.subarray(end)
    }
  }
}

/** Fields of an error: a letter, text, zero; M is the message. */
function wordsOf(body: Buffer): string {
  const fields = body.toString('utf8').split('\0')
  return fields.find(field => field.startsWith('M'))?.slice(1) ?? 'an error without words'
}

function startup(user: string): Buffer {
  const text = Buffer.from(`user\0${user}\0database\0postgres\0\0`)
  const head = Buffer.alloc(8)
  head.writeInt32BE(text.length + 8, 0)
  head.writeInt32BE(PROTOCOL, 4)
  return Buffer.concat([head, text])
}

const query = (statement: string) => message('Q', Buffer.from(`${statement}\0`))

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(HEADER)
  head.write(type, 0, 'latin1')
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}
