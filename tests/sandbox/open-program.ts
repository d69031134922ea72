import type { Duplex } from 'node:stream'
import { AgentClient, type StartResult } from '../../worker/pod/agent-client.ts'
import type { Box, BoxSpec, Sandbox } from '../../worker/sandbox/sandbox.ts'

export const MiB = 1024 * 1024

export function boxSpec(given: Partial<BoxSpec> = {}): BoxSpec {
  return {
    role: 'subject',
    image: 'node',
    runtime: 'runc',
    memoryBytes: 192 * MiB,
    processors: 1,
    grading: `test-${process.pid}-${Math.random().toString(36).slice(2)}`,
    ...given,
  }
}

export type RunningProgram = AsyncDisposable & {
  box: Box
  agent: AgentClient
  started: StartResult | undefined
  startAgain: () => Promise<StartResult | undefined>
  /** The program's stdout so far. */
  printed: () => string
}

/** Opens a box and starts a program (CommonJS text) in it that should listen on $PORT. `onOut` gets its stdout stream unread. */
export async function openProgram(
  sandbox: Sandbox,
  program: string,
  { spec = boxSpec(), onOut }: { spec?: BoxSpec; onOut?: (stream: Duplex) => void } = {},
): Promise<RunningProgram> {
  const box = await sandbox.open(spec, AbortSignal.timeout(60_000))
  let text = ''
  box.onStream((name, stream) => {
    if (name === 'out' && onOut) onOut(stream)
    else stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  })
  const agent = new AgentClient(box, {
    command: ['node', 'main.cjs'],
    env: { PORT: '3000', PATH: '/usr/local/bin:/usr/bin:/bin' },
    port: 3000,
    peers: [],
  })
  const start = () => agent.start({ 'main.cjs': program })
  return {
    box,
    agent,
    started: await start(),
    startAgain: start,
    printed: () => text,
    [Symbol.asyncDispose]: () => box[Symbol.asyncDispose](),
  }
}

/** A program that runs `onConnection` for each connection to its port, with `socket` at hand. */
export function listening(onConnection: string): string {
  return `require('net').createServer({ allowHalfOpen: true }, socket => { socket.on('error', () => {}); ${onConnection} }).listen(process.env.PORT)`
}
