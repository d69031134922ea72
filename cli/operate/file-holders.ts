import { readdir, readlink } from 'node:fs/promises'

/** The ids of other processes that have a file open, as far as this user may see; none where there is no /proc. */
export async function holdersOf(file: string): Promise<number[]> {
  const processes = (await readdir('/proc').catch(() => [])).filter(name => /^\d+$/.test(name) && Number(name) !== process.pid)
  const holds = await Promise.all(
    processes.map(async id => {
      const open = await readdir(`/proc/${id}/fd`).catch(() => [])
      const targets = await Promise.all(open.map(fd => readlink(`/proc/${id}/fd/${fd}`).catch(() => '')))
      return targets.some(target => target === file || target === `${file}-wal`)
    }),
  )
  return processes.filter((_, at) => holds[at]).map(Number)
}
