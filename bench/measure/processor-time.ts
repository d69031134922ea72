import { readdirSync, readFileSync } from 'node:fs'

/*
 * Processor time, in seconds, as the kernel counts it: of the whole machine, so that the engine's and the kernel's own
 * share is in it whoever they ran for, and of one process with all that it started.
 */

/** Linux shows ticks of 10 ms to programs, whatever it counts in itself. */
const TICKS_PER_SECOND = 100

/** What all processors have worked since the machine started: take it before and after. */
export function machineSeconds(): number {
  return busySeconds(readFileSync('/proc/stat', 'utf8'))
}

/** From the text of /proc/stat: everything but waiting (idle, iowait) and what another virtual machine took (steal). */
export function busySeconds(stat: string): number {
  const [, user, nice, system, , , irq, softirq] = stat.slice(0, stat.indexOf('\n')).split(/\s+/).map(Number)
  return (user! + nice! + system! + irq! + softirq!) / TICKS_PER_SECOND
}

/** What a process has worked, with the children that it waited for and those that are still there; 0 when it is gone. */
export function treeSeconds(pid: number): number {
  return secondsOfTree(pid, processes())
}

export type ProcessTicks = { pid: number; parent: number; ticks: number }

export function secondsOfTree(root: number, all: readonly ProcessTicks[]): number {
  const children = Map.groupBy(all, each => each.parent)
  const ticks = (each: ProcessTicks): number => each.ticks + (children.get(each.pid) ?? []).reduce((sum, child) => sum + ticks(child), 0)
  const found = all.find(each => each.pid === root)
  return found ? ticks(found) / TICKS_PER_SECOND : 0
}

/** From the text of /proc/<pid>/stat; a program's name may hold spaces and brackets, so it is cut off at the last one. */
export function processTicks(stat: string): ProcessTicks {
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  const [parent, user, system, childrenUser, childrenSystem] = [fields[1], ...fields.slice(11, 15)]
  return { pid: Number.parseInt(stat, 10), parent: parent!, ticks: user! + system! + childrenUser! + childrenSystem! }
}

function processes(): ProcessTicks[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => {
      try {
        return [processTicks(readFileSync(`/proc/${pid}/stat`, 'utf8'))]
      } catch {
        return [] // gone meanwhile
      }
    })
}
