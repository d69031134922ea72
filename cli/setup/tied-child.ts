import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/*
 * A child that ends when we do, however we end: a small shell stands between and holds the reading end of a pipe whose
 * writing end is ours. The kernel closes that end even when we are killed -9; the shell then sends the child a SIGTERM,
 * and a SIGKILL if it is still there GRACE seconds later. The child is in a session of its own, so a Ctrl-C in the
 * terminal reaches only us, and we end our children in our order.
 */
const GRACE = 30
const TIE = `
linger=$1; shift
exec 3<&0 </dev/null
asked= child=
trap 'asked=1; [ "$child" ] && kill -TERM "$child" 2>/dev/null' TERM INT HUP
"$@" 3<&- &
child=$!
[ "$asked" ] && kill -TERM "$child"
( read -r _ <&3; sleep "$linger"; kill -TERM "$child"; sleep ${GRACE}; kill -KILL "$child" ) >/dev/null 2>&1 &
watcher=$!
wait "$child"; code=$?
while kill -0 "$child" 2>/dev/null; do wait "$child"; code=$?; done
kill "$watcher" 2>/dev/null
exit "$code"
`

export type TiedChild = AsyncDisposable & {
  readonly process: ChildProcess
  /** Resolves with the exit code; 128 + signal when a signal ended it. */
  readonly ended: Promise<number>
  /** Asks it to end (SIGTERM); resolves when it has. */
  readonly stop: () => Promise<void>
}

export type TiedChildOptions = {
  env?: NodeJS.ProcessEnv
  cwd?: string
  /** Where its stdout and stderr go: a file descriptor, or to `process.stdout` and `process.stderr` here. */
  output: number | 'pipe'
  /** Seconds that it stays when we were killed, so that those who need it can end in order first. */
  linger?: number
}

/** Starts a program that ends with this process. */
export function spawnTied(program: string, args: readonly string[], options: TiedChildOptions): TiedChild {
  const child = spawn('/bin/sh', ['-c', TIE, 'tied', String(options.linger ?? 0), program, ...args], {
    stdio: ['pipe', options.output, options.output],
    detached: true,
    ...(options.env && { env: options.env }),
    ...(options.cwd && { cwd: options.cwd }),
  })
  const ended = once(child, 'exit').then(([code]) => (code as number | null) ?? 137)
  // The pipe breaks when the child ends first: that is told by `ended`.
  child.stdin!.on('error', () => {})
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
  }
  return { process: child, ended, stop, [Symbol.asyncDispose]: stop }
}
