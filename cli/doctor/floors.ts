import { isBelow } from '../../worker/sandbox/docker/version-floors.ts'

/*
 * The versions that grading stands on. Below `least` something we need is missing; below `better` it works, and
 * `because` says what the newer one brings. A distribution mends old versions without a new number, so `better` only advises.
 */
export type Floor = { what: string; least: string; better: string; because: string }

export const FLOORS = {
  engine: {
    what: 'Docker Engine',
    least: '20.10.0',
    better: '24.0.0',
    because: 'Docker no longer mends 20.10; Debian 12 does, as docker.io 20.10.24 (keep its security updates on)',
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
