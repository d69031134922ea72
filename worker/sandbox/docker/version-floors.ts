/*
 * Versions of what runs containers. Below `least` something that a box needs is missing; below `better` it works, but a
 * way out of containers is known that the newer version closes. Distributions close those in old versions too, without
 * a new number, so `better` only advises.
 */
export type VersionFloor = { component: string; least: string; better: string; because: string }

export const VERSION_FLOORS: VersionFloor[] = [
  {
    component: 'runc',
    least: '1.0.0',
    better: '1.2.8',
    because: '1.2.8 closes CVE-2025-31133, -52565 and -52881 (masked paths, /dev/console and procfs writes); 1.1.12 closed CVE-2024-21626',
  },
  {
    component: 'containerd',
    least: '1.4.0',
    better: '1.7.29',
    because: '1.7.29 closes CVE-2024-25621 (folders of its own that are open to every user)',
  },
]

/** Compares the numbers of dotted versions; what a distribution appends ("~ds1-1+deb12u3") doesn't count. */
export function isBelow(version: string, floor: string): boolean {
  const numbers = (text: string) => (/^[\d.]+/.exec(text)?.[0] ?? '').split('.').map(Number)
  const [ours, theirs] = [numbers(version), numbers(floor)]
  const at = theirs.findIndex((number, index) => (ours[index] ?? 0) !== number)
  return at !== -1 && (ours[at] ?? 0) < theirs[at]!
}
