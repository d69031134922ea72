import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'

/*
 * Without mounted control groups no limit of a box can be applied, and dockerd refuses to start. A service manager mounts
 * them; where there is none (a bare container, a chroot) we do, as the distribution's own cgroupfs-mount script would.
 */

/** Mounts control groups where nothing has; says so. Throws when the kernel doesn't let us. */
export function mountCgroups(log: (line: string) => void): void {
  if (/ cgroup2? /.test(readFileSync('/proc/mounts', 'utf8'))) return
  if (!existsSync('/sys/fs/cgroup')) throw new Error('/sys is not mounted, so no control groups can be')
  log('mounting control groups on /sys/fs/cgroup')
  const controllers = enabledV1Controllers()
  if (controllers.length === 0) {
    execFileSync('mount', ['-t', 'cgroup2', 'cgroup2', '/sys/fs/cgroup'])
    return
  }
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'mode=755', 'cgroup', '/sys/fs/cgroup'])
  for (const controller of controllers) {
    mkdirSync(`/sys/fs/cgroup/${controller}`, { recursive: true })
    execFileSync('mount', ['-t', 'cgroup', '-o', controller, 'cgroup', `/sys/fs/cgroup/${controller}`])
  }
}

/** Controllers that stand on a version 1 hierarchy: in /proc/cgroups those with a hierarchy other than 0 (cgroups(7)). */
function enabledV1Controllers(): string[] {
  return readFileSync('/proc/cgroups', 'utf8')
    .split('\n')
    .filter(line => line && !line.startsWith('#'))
    .map(line => line.split('\t'))
    .filter(([, hierarchy, , enabled]) => hierarchy !== '0' && enabled === '1')
    .map(([name]) => name!)
}
