import { readFile } from 'node:fs/promises'

/**
 * Whether a process is on its way out, or dead and not yet buried. The kernel closes what a process had open before it tells
 * the parent of its end: whoever was connected to it knows first, and may ask us in between.
 */
export async function isExiting(pid: number): Promise<boolean> {
  let stat
  try {
    stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  } catch (error) {
    // Anything else, such as no file that may be opened, says nothing about it.
    return ['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')
  }
  // proc(5): the fields after the program's name, which may hold anything; state is field 3, flags are field 9.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' || fields[0] === 'X' || (Number(fields[6]) & PF_EXITING) !== 0
}

/** include/linux/sched.h: set when a process begins to exit. gVisor shows no flags. */
const PF_EXITING = 0x4
