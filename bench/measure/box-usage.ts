import { readFileSync } from 'node:fs'

/*
 * What one box (a container, by its full id) uses, as its cgroup says: version 1 or 2, by Docker's own driver or systemd's.
 * Only for an engine on this machine, and only while the box is there: read before it is removed.
 */

/** Bytes at the highest, files that the box read into memory included; undefined when the kernel doesn't keep it or the box is gone. */
export function peakMemory(containerId: string): number | undefined {
  return readNumber([
    `/sys/fs/cgroup/memory/docker/${containerId}/memory.max_usage_in_bytes`,
    `/sys/fs/cgroup/memory/system.slice/docker-${containerId}.scope/memory.max_usage_in_bytes`,
    ...unified(containerId, 'memory.peak'),
  ])
}

/** Bytes now; undefined when the box is gone. */
export function memoryNow(containerId: string): number | undefined {
  return readNumber([
    `/sys/fs/cgroup/memory/docker/${containerId}/memory.usage_in_bytes`,
    `/sys/fs/cgroup/memory/system.slice/docker-${containerId}.scope/memory.usage_in_bytes`,
    ...unified(containerId, 'memory.current'),
  ])
}

/** Seconds of processor time that the box's processes have used; undefined when the box is gone. */
export function boxSeconds(containerId: string): number | undefined {
  const nanoseconds = readNumber([
    `/sys/fs/cgroup/cpuacct/docker/${containerId}/cpuacct.usage`,
    `/sys/fs/cgroup/cpuacct/system.slice/docker-${containerId}.scope/cpuacct.usage`,
  ])
  if (nanoseconds !== undefined) return nanoseconds / 1e9
  const microseconds = /^usage_usec (\d+)$/m.exec(readFirst(unified(containerId, 'cpu.stat')) ?? '')?.[1]
  return microseconds === undefined ? undefined : Number(microseconds) / 1e6
}

function unified(containerId: string, file: string): string[] {
  return [`/sys/fs/cgroup/system.slice/docker-${containerId}.scope/${file}`, `/sys/fs/cgroup/docker/${containerId}/${file}`]
}

function readNumber(places: readonly string[]): number | undefined {
  const text = readFirst(places)
  return text === undefined ? undefined : Number(text)
}

function readFirst(places: readonly string[]): string | undefined {
  for (const place of places) {
    try {
      return readFileSync(place, 'utf8')
    } catch {
      continue
    }
  }
  return undefined
}
