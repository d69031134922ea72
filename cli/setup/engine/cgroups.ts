import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'

/*
 * Without mounted control groups no limit of a box can be applied, and dockerd refuses to start. A service manager mounts
 * them; where there is none (a bare container, a chroot) we do, the same ones that the kernel already keeps.
 */
const ROOT = '/sys/fs/cgroup'

/** Mounts control groups where nothing has; says so. Throws when the kernel doesn't let us. */
export function mountCgroups(log: (line: string) => void): void {
  if (/ cgroup2? /.test(readFileSync('/proc/mounts', 'utf8'))) return
  if (!existsSync(ROOT)) throw new Error('/sys is not mounted, so no control groups can be')
  log(`mounting control groups on ${ROOT}`)
  const hierarchies = hierarchiesOf(readFileSync('/proc/self/cgroup', 'utf8'))
  if (hierarchies.length === 0) {
    execFileSync('mount', ['-t', 'cgroup2', 'cgroup2', ROOT])
    return
  }
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'mode=755', 'cgroup', ROOT])
  for (const { folder, options, links } of hierarchies) {
    mkdirSync(`${ROOT}/${folder}`)
    execFileSync('mount', ['-t', 'cgroup', '-o', options, 'cgroup', `${ROOT}/${folder}`])
    for (const link of links) symlinkSync(folder, `${ROOT}/${link}`)
  }
}

/**
 * The version 1 hierarchies of /proc/self/cgroup (cgroups(7)), as they are mounted. Named ones too, which carry no limit:
 * the engine hears of kernel memory kills only if every hierarchy of a process is mounted.
 */
export function hierarchiesOf(processCgroups: string): { folder: string; options: string; links: string[] }[] {
  return processCgroups
    .split('\n')
    .map(line => line.split(':')[1] ?? '')
    .filter(controllers => controllers !== '')
    .map(controllers => {
      const name = /^name=(.+)/.exec(controllers)?.[1]
      if (name) return { folder: name, options: `none,name=${name}`, links: [] }
      return { folder: controllers, options: controllers, links: controllers.includes(',') ? controllers.split(',') : [] }
    })
}
