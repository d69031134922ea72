import { RUNTIMES, type LoadedAhead } from '../../../core/runtimes.ts'
import type { FileMap } from '../../../core/submission.ts'
import { AgentClient, type ProgramExit } from '../../../worker/pod/agent-client.ts'
import type { Sandbox, SandboxRuntime } from '../../../worker/sandbox/sandbox.ts'
import { boxSpec } from '../open-program.ts'

/** All that came of a program. */
export type Run = { out: string; err: string; exit?: ProgramExit; answers: string[] }

export type Program = {
  files: FileMap
  entry?: string
  env?: Record<string, string>
  /** Loaded ahead, where not Express and pg. */
  imports?: readonly LoadedAhead[]
  /** Paths that are asked for, one after the other, once it listens; it is killed after the last. */
  asks?: string[]
}

const START = { plain: false, warm: true }

/** Runs a program in a box of its own from a plain start, and in another from a warm one. */
export async function runBoth(sandbox: Sandbox, runtime: SandboxRuntime, program: Program): Promise<{ plain: Run; warm: Run }> {
  const [plain, warm] = await Promise.all([START.plain, START.warm].map(each => runIn(sandbox, runtime, program, each)))
  return { plain: plain!, warm: warm! }
}

async function runIn(sandbox: Sandbox, runtime: SandboxRuntime, program: Program, warm: boolean): Promise<Run> {
  const { files, entry = 'server.js', imports = ['node:http', 'express', 'pg'], env, asks = [] } = program
  await using box = await sandbox.open(boxSpec({ runtime }), AbortSignal.timeout(60_000))
  const run: Run = { out: '', err: '', answers: [] }
  box.onStream((name, stream) => stream.on('data', (chunk: Buffer) => (run[name as 'out' | 'err'] += chunk.toString('latin1'))))
  const agent = new AgentClient(box, {
    command: RUNTIMES.node.start(entry),
    waiting: RUNTIMES.node.startWaiting!(entry, imports),
    env: { PORT: '8080', HOST: '127.0.0.1', HOME: '/work', LANG: 'C.UTF-8', PATH: '/usr/local/bin:/usr/bin:/bin', ...env },
    port: 8080,
    peers: [],
  })
  const ended = new Promise<ProgramExit>(resolve => agent.onExit(resolve))
  if (warm && !(await agent.warm())) throw new Error(`no program came to wait: ${run.err}`)
  const started = await agent.start(files)
  if (!started) throw new Error(`the box ended: ${box.lastWords()}`)
  if (!started.listening) return { ...run, ...(started.exit && { exit: started.exit }) }
  for (const path of asks) {
    const stream = box.open('main')
    stream.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`)
    let answer = ''
    for await (const chunk of stream) answer += String(chunk)
    run.answers.push(answer)
  }
  if (asks.length > 0) await agent.stop()
  else run.exit = await ended
  return run
}
