import { execFile } from 'node:child_process'
import { chmodSync, readdirSync, readFileSync, statSync, utimesSync } from 'node:fs'
import { rm } from 'node:fs/promises'

/*
 * Takes out of a box whatever a program left in it, so that the next start finds it as the first one did: files, however locked,
 * deep or oddly named; the folders' own modes and times; shared memory, semaphores and message queues, which need no process to
 * live on. No link is followed. What the kernel counts of a box (processes started, most memory used) stays.
 */
const WRITABLE = ['/work', '/tmp', '/dev/shm']

/** The folders' modes. Called before the program is started for the first time. */
export function modesOfFolders(): Map<string, number> {
  return new Map(WRITABLE.map(folder => [folder, statSync(folder).mode & 0o7777]))
}

/** Comes after every process of the program was killed: nothing may write while this takes away. */
export async function cleanUp(modes: ReadonlyMap<string, number>): Promise<void> {
  for (const [folder, mode] of modes) {
    restore(folder, mode)
    await empty(folder)
    restore(folder, mode)
  }
  if (somethingIsShared()) await run('ipcrm', ['--all'])
}

/** /dev/shm is root's: what may not be set here the program can't have changed. */
function restore(folder: string, mode: number): void {
  for (const set of [() => chmodSync(folder, mode), () => utimesSync(folder, new Date(), new Date())]) {
    try {
      set()
    } catch {}
  }
}

async function empty(folder: string): Promise<void> {
  try {
    // As bytes: a name need not be text.
    const names = readdirSync(folder, { encoding: 'buffer' })
    // Not by rmSync: under gVisor it fails on links that lead nowhere.
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
function somethingIsShared(): boolean {
  return ['shm', 'sem', 'msg'].some(kind => {
    try {
      return readFileSync(`/proc/sysvipc/${kind}`, 'utf8').trim().includes('\n')
    } catch {
      return true
    }
  })
}

/** Not by node:util's promisify: to import from node:util makes all that it exports, which takes 2 ms of each box's start. */
function run(program: string, args: string[]): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  execFile(program, args, error => (error ? reject(error) : resolve()))
  return promise
}
