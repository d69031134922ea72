import { spawn, type ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import type { FromAgent } from '../../core/agent-protocol.ts'

/** How long what a program printed may take to arrive after its end. */
const LAST_WORDS_MS = 100

/** One run of the program, from start to end. */
export type Run = { child: ChildProcess; /** By us. */ stopped: boolean; over: boolean; news: Promise<FromAgent> }

export type RunOptions = { command: string[]; folder: string; env: Record<string, string>; err: Writable; stdin: 'ignore' | 'pipe' }

/** Starts a command. What it prints to stdout waits for `passOn`; `news` is its end, after its last words. */
export function run({ command, folder, env, err, stdin }: RunOptions): Run {
  const child = spawn(command[0]!, command.slice(1), { cwd: folder, env, stdio: [stdin, 'pipe', 'pipe'], detached: true })
  child.stderr?.pipe(err, { end: false })
  // A command that can't be run at all; 'close' follows.
  child.once('error', error => err.write(`${error.message}\n`))
  child.once('exit', () => {
    // A child of the program may hold its output open; the program itself has ended all the same.
    setTimeout(() => {
      child.stdout?.destroy()
      child.stderr?.destroy()
    }, LAST_WORDS_MS).unref()
  })
  // 'close', not 'exit': the program's last words come before the news of its end.
  const news = Promise.withResolvers<FromAgent>()
  const started = { child, stopped: false, over: false, news: news.promise }
  child.once('close', (code, signal) => {
    started.over = true
    void oomKills().then(kills => news.resolve({ type: 'exited', code, signal, oomKills: kills }), news.reject)
  })
  return started
}

export function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

/** How many processes of this box the kernel has killed for memory: cgroup v2, v1, or 0 where neither can be read. */
export async function oomKills(): Promise<number> {
  for (const file of ['/sys/fs/cgroup/memory.events', '/sys/fs/cgroup/memory/memory.oom_control']) {
    const text = await readFile(file, 'utf8').catch(() => '')
    const count = /^oom_kill (\d+)$/m.exec(text)?.[1]
    if (count) return Number(count)
  }
  return 0
}
