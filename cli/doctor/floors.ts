import { isBelow } from '../../worker/sandbox/docker/version-floors.ts'

/*
 * The versions that grading stands on. Below `least` something we need is missing; below `better` it works, and
 * `because` says what the newer one brings. Engine, runc and containerd, which a distribution mends under an older number,
 * have a list of their own (version-floors.ts).
 */
export type Floor = { what: string; least: string; better: string; because: string }

export const FLOORS = {
  node: {
    what: 'Node',
    least: '24.12.0',
    better: '24.18.1',
    because: '24.18.1 closes CVE-2026-56846, -56848 and -58043',
  },
  undici: {
    what: 'undici',
    least: '8.0.0',
    better: '8.5.0',
    because: '8.5.0 closes CVE-2026-12151 (memory without bound); the examiner asks hostile servers with it',
  },
  postgres: {
    what: 'PostgreSQL',
    least: '17.11',
    better: '17.12',
    because: '17.12 closes the holes of November 2026 (the changelog of Debian’s package lists them)',
  },
  kernel: {
    what: 'Linux kernel',
    least: '5.4.0',
    better: '5.15.0',
    because: 'older kernels get their security fixes late; boxes share the kernel with the host',
  },
} as const satisfies Record<string, Floor>

export type Verdict = 'ok' | 'warn' | 'fail'

export function judgeVersion(version: string, { least, better }: Floor): Verdict {
  if (isBelow(version, least)) return 'fail'
  return isBelow(version, better) ? 'warn' : 'ok'
}
