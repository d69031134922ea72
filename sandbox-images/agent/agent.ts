import { createConnection, createServer } from 'node:net'
import type { Duplex } from 'node:stream'
import type { FromAgent, ToAgent } from '../../core/agent-protocol.ts'
import { join } from '../../core/join.ts'
import { jsonLine, jsonLines } from '../../core/lines.ts'
import { Mux } from '../../core/mux.ts'
import { makeDatabaseAnew } from './database.ts'
import { Program } from './program.ts'

/*
 * The box agent: what runs first in a subject's and in a database's box (protocol: core/agent-protocol.ts).
 * It lays the files, starts and stops the program, and joins the box's loopback to the streams of its stdin and stdout.
 * It runs as the same user as the learner's program and holds nothing that the learner may not know.
 */

// Stopping a program kills every process of this user, which must never happen outside a box.
if (process.getuid?.() === 0) throw new Error('the box agent runs only inside a box, never as root')

// It closed this process to the program beside it (sandbox-images/base). What is started from here needs its own /proc.
delete process.env['LD_PRELOAD']

type Configuration = Extract<ToAgent, { type: 'configure' }>

let configuration: Configuration | undefined
let program: Program | undefined

const mux = new Mux({ side: 'box', input: process.stdin, output: process.stdout, onStream, onBroken: () => process.exit(0) })

function onStream(name: string, stream: Duplex): void {
  if (name === 'agent') void obey(stream)
  else if (name === 'main' && configuration && program) {
    join(stream, createConnection({ host: program.host, port: configuration.port, noDelay: true }))
  } else if (name === 'admin' && configuration?.adminSocket) join(stream, createConnection(configuration.adminSocket))
  else stream.destroy()
}

async function obey(stream: Duplex): Promise<void> {
  const say = (message: FromAgent) => stream.write(jsonLine(message))
  for await (const line of jsonLines(stream, { maxLine: 64 * 1024 * 1024, maxTotal: Infinity })) {
    const message = line as ToAgent
    try {
      if (message.type === 'configure') await configure(message, say)
      else await act(message, say)
    } catch (error) {
      say({ type: 'failed', message: String(error).slice(0, 4000) })
    }
  }
}

async function configure(given: Configuration, say: (message: FromAgent) => void): Promise<void> {
  configuration = given
  program = new Program({ ...given, out: mux.open('out'), err: mux.open('err'), say })
  for (const { name, port } of given.peers) {
    const listener = createServer({ allowHalfOpen: true, noDelay: true }, socket => join(socket, mux.open(`peer:${name}`)))
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    listener.once('error', reject)
    listener.listen(port, '127.0.0.1', resolve)
    await promise
  }
}

async function act(message: Exclude<ToAgent, Configuration>, say: (message: FromAgent) => void): Promise<void> {
  if (!program) throw new Error('not configured')
  if (message.type === 'warm') await program.warm()
  if (message.type === 'start') await program.start(message.files)
  if (message.type === 'check') await program.check()
  if (message.type === 'signal') program.signal(message.signal)
  if (message.type === 'stop') await program.stop()
  if (message.type === 'reset') {
    await makeDatabaseAnew(configuration?.adminSocket)
    say({ type: 'done' })
  }
}
