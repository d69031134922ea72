import { execFile } from 'node:child_process'
import { chmod, readdir, readFile, rm, stat, utimes } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/*
 * Takes out of a box whatever a program left in it, so that the next start finds it as the first one did: files, however locked,
 * deep or oddly named; the folders' own modes and times; shared memory, semaphores and message queues, which need no process to
 * live on. No link is followed. What the kernel counts of a box (processes started, most memory used) stays.
 */
const WRITABLE = ['/work', '/tmp', '/dev/shm']

/** The folders' modes. Called before the program is started for the first time. */
export async function modesOfFolders(): Promise<Map<string, number>> {
  const stats = await Promise.all(WRITABLE.map(async folder => [folder, (await stat(folder)).mode & 0o7777] as const))
  return new Map(stats)
}

/** Comes after every process of the program was killed: nothing may write while this takes away. */
export async function cleanUp(modes: ReadonlyMap<string, number>): Promise<void> {
  for (const [folder, mode] of modes) {
    await restore(folder, mode)
    await empty(folder)
    await restore(folder, mode)
  }
  if (await somethingIsShared()) await run('ipcrm', ['--all'])
}

/** /dev/shm is root's: what may not be set here the program can't have changed. */
async function restore(folder: string, mode: number): Promise<void> {
  await chmod(folder, mode).catch(() => {})
  await utimes(folder, new Date(), new Date()).catch(() => {})
}

async function empty(folder: string): Promise<void> {
  try {
    // As bytes: a name need not be text.
    const names = await readdir(folder, { encoding: 'buffer' })
    for (const name of names) await rm(Buffer.concat([Buffer.from(`${folder}/`), name]), { recursive: true, force: true })
  } catch {
    // Locked folders, or more levels than a path may be long; find goes down level by level. Each folder is unlocked before find
    // enters it, one by one: the call that "chmod --recursive" makes is refused where gVisor doesn't know it.
    const unlock = ['-type', 'd', '!', '-perm', '-700', '-execdir', 'chmod', 'u+rwx', '--', '{}', ';']
    await run('find', [folder, ...unlock]).catch(() => {})
    await run('find', [folder, '-mindepth', '1', '-delete'])
  }
}

/** Whether there is any System V memory, semaphore or queue; where the kernel has no such list, there may be. */
async function somethingIsShared(): Promise<boolean> {
  const lists = ['shm', 'sem', 'msg'].map(kind => readFile(`/proc/sysvipc/${kind}`, 'utf8').catch(() => '?\n?\n'))
  return (await Promise.all(lists)).some(list => list.trim().includes('\n'))
}
