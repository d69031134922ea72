import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { FIXED, LIMITS } from '../../../core/limits.ts'
import type { BoxSpec } from '../sandbox.ts'

/*
 * Whose box is it? Several workers may share an engine, and a worker that was killed leaves boxes behind. Every box is
 * labelled with the process that made it, by pid and start time, since a pid alone may be another process's by now.
 * Of a process that can't be seen from here (another machine's, another container's) only the lease is known.
 */
export const BOX_LABEL = 'assay.box'
export const OWNER_LABEL = 'assay.owner'
export const LEASE_LABEL = 'assay.lease-ends'

/** No box lives longer than it may wait for its submission, and the grading's total limit, its start and the making of its boxes. */
export const LEASE_MS = FIXED.podWaitsMs + LIMITS.total.ceiling + LIMITS.start.ceiling + 10 * 60_000

export function labelsOf(spec: BoxSpec, now: number): Record<string, string> {
  return {
    [BOX_LABEL]: spec.role,
    'assay.grading': spec.grading,
    [OWNER_LABEL]: JSON.stringify(thisProcess()),
    [LEASE_LABEL]: new Date(now + LEASE_MS).toISOString(),
  }
}

/** Whether a box with these labels is one that nobody will come back for. `live`: it is in use by this process. */
export function isLeftBehind(labels: Record<string, string>, live: boolean, now: number): boolean {
  const owner = parseOwner(labels[OWNER_LABEL])
  const self = thisProcess()
  if (owner && owner.place === self.place) {
    if (owner.pid === self.pid && owner.startedAt === self.startedAt) return !live
    return startTime(owner.pid) !== owner.startedAt
  }
  const leaseEnds = Date.parse(labels[LEASE_LABEL] ?? '')
  return !(leaseEnds > now)
}

type Owner = { place: string; pid: number; startedAt: string | undefined }

/** `place` is where pids mean the same processes: one boot of one machine, one pid namespace. */
function thisProcess(): Owner {
  return { place: `${hostname()} ${bootId()} ${pidNamespace()}`, pid: process.pid, startedAt: startTime(process.pid) }
}

function parseOwner(label: string | undefined): Owner | undefined {
  try {
    return JSON.parse(label ?? '') as Owner
  } catch {
    return undefined
  }
}

const bootId = () => attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()) ?? ''
const pidNamespace = () => attempt(() => readlinkSync('/proc/self/ns/pid')) ?? ''

/** When a process started, in the kernel's ticks since boot: field 22 of /proc/<pid>/stat, counted after the program's name (proc(5)). */
function startTime(pid: number): string | undefined {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
