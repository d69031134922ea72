import { once } from 'node:events'
import { run, type Run, type RunOptions } from './run.ts'

export type WaitingOptions = Omit<RunOptions, 'stdin'> & { modules: string[] }

/**
 * A program that was started before its files are there, and waits for the word on its stdin (sandbox-images/node/waiting).
 * It is started outside its folder and goes there by itself.
 */
export type Waiting = {
  run: Run
  /** Whether it came to wait; false when it ended instead, or said something else. */
  waits: Promise<boolean>
  go: () => void
}

export function startWaiting({ folder, modules, ...options }: WaitingOptions): Waiting {
  const started = run({ ...options, folder: '/', stdin: 'pipe' })
  const { stdin, stdout } = started.child
  // It may end before it has read.
  stdin?.on('error', () => {})
  stdin?.write(`${JSON.stringify({ folder, modules })}\n`)
  return {
    run: started,
    waits: Promise.race([firstWord(stdout), started.news.then(() => '')]).then(word => word === '\0'),
    go: () => stdin?.end('\n'),
  }
}

/** The stream keeps what follows for whoever reads on. */
async function firstWord(stdout: Run['child']['stdout']): Promise<string> {
  if (!stdout) return ''
  const [word] = (await once(stdout, 'data')) as [Buffer]
  stdout.pause()
  return word.toString('latin1')
}
