import { compareDebian, upstreamOf } from './debian-version.ts'

/*
 * How old what runs containers may be. Below `OLDEST` something that a box needs is missing. Above it stand the known
 * holes: each with the versions that closed it, upstream's by release series, and a distribution's packages that carry
 * the same fix under an older number (from the packages' own changelogs).
 */
export const COMPONENTS = ['engine', 'runc', 'containerd'] as const
export type Component = (typeof COMPONENTS)[number]

export const OLDEST: Record<Component, string> = { engine: '20.10.0', runc: '1.0.0', containerd: '1.4.0' }

export type KnownHole = {
  component: Component
  closes: string
  /** The first version without the hole, of each series that got one; a newer series than the last has none. */
  since: readonly string[]
  /** Packages with an older number that have it closed, and so do those that follow them. */
  packages: readonly string[]
  /** `box`: known as a way out of a container, so a worker refuses to start with it. `host`: of no use to a box of ours. */
  reach: 'box' | 'host'
}

export const KNOWN_HOLES: readonly KnownHole[] = [
  {
    component: 'engine',
    closes: 'CVE-2022-36109 (supplementary groups of a container)',
    since: ['20.10.18'],
    packages: [],
    reach: 'box',
  },
  {
    component: 'engine',
    closes: 'CVE-2026-41567, -41568 and -42306 (docker cp with a hostile container, which no worker does)',
    since: ['29.5.1'],
    packages: ['26.1.5+dfsg1-9+deb13u1'],
    reach: 'host',
  },
  {
    component: 'runc',
    closes: 'CVE-2024-21626 (an open folder of the host in every container)',
    since: ['1.1.12'],
    packages: ['1.1.5+ds1-1+deb12u1'],
    reach: 'box',
  },
  {
    component: 'runc',
    closes: 'CVE-2025-31133, -52565 and -52881 (masked paths, /dev/console and procfs writes)',
    since: ['1.2.8', '1.3.3', '1.4.0'],
    packages: [],
    reach: 'box',
  },
  {
    component: 'containerd',
    closes: 'CVE-2024-25621 (its folders are open to every user of the host)',
    since: ['1.7.29', '2.0.7', '2.1.5', '2.2.0'],
    packages: ['1.6.20~ds1-1+deb12u2', '1.7.24~ds1-6+deb13u1'],
    reach: 'host',
  },
]

/** What is installed: the version that the engine tells, and the package's where it is a distribution's. */
export type Installed = { version: string; package?: string }

/** The holes that what is installed still has. The package's version goes first: it may have closed what the number hasn't. */
export function openHoles(component: Component, installed: Installed): KnownHole[] {
  return KNOWN_HOLES.filter(hole => hole.component === component && !isClosed(hole, installed))
}

function isClosed({ since, packages }: KnownHole, { version, package: packaged }: Installed): boolean {
  if (packaged && packages.some(each => upstreamOf(each) === upstreamOf(packaged) && compareDebian(packaged, each) >= 0)) return true
  const series = (text: string) => text.split('.', 2).join('.')
  const ofSeries = since.find(each => series(each) === series(version))
  return !isBelow(version, ofSeries ?? since.at(-1)!)
}

/** Compares the numbers of dotted versions; what a distribution appends ("~ds1-1+deb12u3") doesn't count. */
export function isBelow(version: string, floor: string): boolean {
  const numbers = (text: string) => (/^[\d.]+/.exec(text)?.[0] ?? '').split('.').map(Number)
  const [ours, theirs] = [numbers(version), numbers(floor)]
  const at = theirs.findIndex((number, index) => (ours[index] ?? 0) !== number)
  return at !== -1 && (ours[at] ?? 0) < theirs[at]!
}
