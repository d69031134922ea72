import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { LIMITS } from '../../core/limits.ts'
import { RUNTIMES, type ImageName } from '../../core/runtimes.ts'
import { BOX_USER, LAST_BOX_USER } from '../sandbox/docker/box-users.ts'
import { hostConfig, type BoxOptions } from '../sandbox/docker/host-config.ts'
import { BOX_LABEL, LEASE_LABEL, LEASE_MS, OWNER_LABEL } from '../sandbox/docker/owner.ts'
import type { BoxSpec } from '../sandbox/sandbox.ts'
import { Refusal } from './refusal.ts'

/*
 * A worker sends the whole container profile. What it may choose is read out of it, the profile is made anew from that,
 * and the two must be the same, field by field; the engine gets ours. So a field that we never heard of is refused, and a
 * worker of another version than the broker is told which field differs.
 */
export type BoxRequest = { spec: BoxSpec; imageRef: string; user: number; labels: Record<string, string> }

const IMAGES_OF: Record<BoxSpec['role'], readonly ImageName[]> = {
  subject: Object.values(RUNTIMES).map(({ image }) => image),
  database: ['postgres'],
  examiner: ['examiner'],
}

const ownerSchema = z.strictObject({ place: z.string().max(300), pid: z.int().positive(), startedAt: z.string().max(30).optional() })

/** What of a create request is the worker's to choose. */
const chosenSchema = z.object({
  Image: z.string().regex(/^assay-[a-z]+:[0-9a-f]{16}$/, 'not the name of a sandbox image'),
  User: z
    .string()
    .regex(new RegExp(`^\\d{1,9}:${BOX_USER}$`), 'not a user of a box')
    .transform(user => Number.parseInt(user, 10)),
  Labels: z.strictObject({
    [BOX_LABEL]: z.enum(['subject', 'database', 'examiner']),
    'assay.grading': z.string().regex(/^[\w-]{1,100}$/, 'not the id of a grading'),
    [OWNER_LABEL]: z.string().max(500).refine(isOwner, 'not a process'),
    [LEASE_LABEL]: z.iso.datetime(),
  }),
  HostConfig: z.object({
    Runtime: z.enum(['runc', 'runsc']),
    Memory: z
      .int()
      .min(16 * 1024 * 1024)
      .max(Math.max(LIMITS.memory.ceiling, LIMITS.databaseMemory.ceiling)),
    NanoCpus: z
      .int()
      .min(1e7)
      .max(LIMITS.processors.ceiling * 1e9),
  }),
})

/** Reads a create request (the body's text); throws a Refusal that names what is not a box of ours. */
export function readBoxRequest(text: string, architecture: string, now: number): BoxRequest {
  const given = parsed(text)
  const chosen = chosenSchema.safeParse(given)
  if (!chosen.success) {
    const { path, message } = chosen.error.issues[0]!
    throw new Refusal(`${path.join('.') || 'the body'}: ${message}`)
  }
  const { Image: imageRef, User: user, Labels: labels, HostConfig: limits } = chosen.data
  const role = labels[BOX_LABEL]
  const image = imageRef.slice('assay-'.length, imageRef.indexOf(':')) as ImageName
  if (!IMAGES_OF[role].includes(image)) throw new Refusal(`Image: a ${role} box has no image ${image}`)
  // Only a learner's box has a user of its own.
  const users = role === 'subject' ? [BOX_USER + 1, LAST_BOX_USER] : [BOX_USER, BOX_USER]
  if (user < users[0]! || user > users[1]!) throw new Refusal(`User: a ${role} box has one of ${users.join(' to ')}`)
  // A while for clocks that differ.
  if (Date.parse(labels[LEASE_LABEL]) > now + LEASE_MS + 60_000) throw new Refusal(`Labels.${LEASE_LABEL}: longer than any grading takes`)
  const spec: BoxSpec = {
    role,
    image,
    runtime: limits.Runtime,
    memoryBytes: limits.Memory,
    processors: limits.NanoCpus / 1e9,
    grading: labels['assay.grading'],
  }
  const different = firstDifference(given, jsonOf(hostConfig(spec, { imageRef, architecture, user, labels })), '')
  if (different) throw new Refusal(`${different}; if nobody meddled, worker and broker are of different versions`)
  return { spec, imageRef, user, labels }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal('the body is not JSON', 400)
  }
}

function isOwner(label: string): boolean {
  try {
    return ownerSchema.safeParse(JSON.parse(label)).success
  } catch {
    return false
  }
}

const jsonOf = (options: BoxOptions): unknown => JSON.parse(JSON.stringify(options))

/** Where the first value stands that is not the wanted one, in words; undefined when all are. */
function firstDifference(given: unknown, wanted: unknown, path: string): string | undefined {
  if (isDeepStrictEqual(given, wanted)) return undefined
  if (!isPlain(given) || !isPlain(wanted)) return `${path}: not what a box has there`
  const at = (key: string) => (path ? `${path}.${key}` : key)
  for (const key of Object.keys(given)) if (!Object.hasOwn(wanted, key)) return `${at(key)}: a box has no such field`
  for (const key of Object.keys(wanted)) {
    if (!Object.hasOwn(given, key)) return `${at(key)}: missing`
    const different = firstDifference(given[key], wanted[key], at(key))
    if (different) return different
  }
  return `${path || 'the body'}: not what a box has there`
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
