import { readFileSync } from 'node:fs'

/**
 * A process that can be recognised again: a pid alone may be another process by now, a pid with its start time may not.
 * `startedAt` is in the kernel's clock ticks since boot, absent where there is no /proc.
 */
export type ProcessIdentity = { pid: number; startedAt?: string }

export function identify(pid: number): ProcessIdentity {
  const startedAt = startTime(pid)
  return startedAt === undefined ? { pid } : { pid, startedAt }
}

/** Whether that very process still runs; one that has ended but was not yet collected (a zombie) does not. */
export function isRunning({ pid, startedAt }: ProcessIdentity): boolean {
  const now = startTime(pid)
  if (startedAt !== undefined && now !== undefined) return now === startedAt && stateOf(pid) !== 'Z'
  try {
    process.kill(pid, 0)
    return startedAt === undefined
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** The name of the program that runs under this pid, or undefined when none does. */
export function programName(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
  } catch {
    return undefined
  }
}

/** Fields of /proc/<pid>/stat after the program's name, which may hold spaces and brackets itself (proc(5)). */
function statFields(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}

const startTime = (pid: number) => statFields(pid)?.[19]
const stateOf = (pid: number) => statFields(pid)?.[0]
