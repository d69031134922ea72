import type { Duplex } from 'node:stream'
import { Mux } from '../core/mux.ts'
import { examine } from './examine.ts'
import { takeStdout } from './own-stdout.ts'
import type { Pod } from './pod.ts'
import { guardAgainstUncaught } from './uncaught.ts'
import { WorkerLine } from './worker-line.ts'

/*
 * The process in the examiner's box. Its stdin and stdout are the line to the worker (core/mux.ts): the worker opens the
 * stream "examiner" and sends a job; the examiner opens "subject" and "db", and of the exercise's reference "reference" and
 * "reference-db", which are all that it can reach.
 *
 *   node examiner/main.ts [folder]      where the exercise's files are laid, by default /work/exercise
 */
const folder = process.argv[2] ?? '/work/exercise'
const { line, log } = takeStdout()
guardAgainstUncaught(log)

const mux = new Mux({
  side: 'box',
  input: process.stdin,
  output: line,
  onStream: (name, stream) => {
    if (name === 'examiner') take(stream)
    else stream.destroy()
  },
  // The worker is gone, or has heard what it wanted: nothing is left to do here.
  onBroken: () => process.exit(0),
})

function take(stream: Duplex): void {
  const worker = new WorkerLine(stream)
  const openDbBy =
    (name: string): Pod['openDb'] =>
    async (user, database, settings) => {
      // Loaded when needed: most endpoints have no database.
      const { logIn } = await import('./pod.ts')
      return logIn(mux.open(name), user, database, settings)
    }
  const pod: Pod = {
    openSubject: () => mux.open('subject'),
    openDb: openDbBy('db'),
    reference: { openSubject: () => mux.open('reference'), openDb: openDbBy('reference-db') },
    control: action => worker.control(action),
    exited: () => worker.exited(),
    onOutput: listener => worker.onOutput(listener),
  }
  void examine(worker, pod, folder)
}
