import { readFileSync } from 'node:fs'

/** Bytes of memory that a process held at its highest; undefined when it is gone. */
export function peakMemoryOfProcess(pid: number): number | undefined {
  try {
    return highestOf(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return undefined
  }
}

/** From the text of /proc/<pid>/status; a process that is ending has the line no more. */
export function highestOf(status: string): number | undefined {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
}
