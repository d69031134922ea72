import { z } from 'zod'
import { fileMapSchema } from './submission.ts'

/*
 * What worker and box agent say to each other: JSON lines on one stream named "agent", opened by the worker.
 * The agent runs in the subject's and the database's box; what comes from it is as untrusted as the learner's program.
 *
 * Other streams: "out" and "err" (agent → worker) carry the program's stdout and stderr; the worker opens "main" to reach
 * the program's port and "admin" to reach the database's local socket; the agent opens "peer:<name>" when the program
 * connects to a declared peer's port.
 */
export const toAgentSchema = z.discriminatedUnion('type', [
  /** Comes first, once: what this box is. Ports are on its loopback. */
  z.strictObject({
    type: z.literal('configure'),
    files: fileMapSchema,
    command: z.array(z.string()).min(1),
    env: z.record(z.string(), z.string()),
    port: z.number().int(),
    /** Where "admin" streams go: a Unix socket's path. */
    adminSocket: z.string().optional(),
    /** Ports to listen on for the program, and the peer that each stands for. */
    peers: z.array(z.strictObject({ name: z.string(), port: z.number().int() })),
  }),
  /** Lays the files anew and starts the program; answered by `listening` or `exited`. */
  z.strictObject({ type: z.literal('start') }),
  /** Kills every process of the box but the agent; answered by `stopped`. */
  z.strictObject({ type: z.literal('stop') }),
  /** Whether the program still runs; answered by `running` or `exited`. */
  z.strictObject({ type: z.literal('check') }),
  z.strictObject({ type: z.literal('signal'), signal: z.enum(['SIGTERM']) }),
  /** Database boxes: makes database "app" anew from its template; answered by `done` or `failed`. */
  z.strictObject({ type: z.literal('reset') }),
])
export type ToAgent = z.infer<typeof toAgentSchema>

export const fromAgentSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('listening'), afterMs: z.number() }),
  /** The program ended by itself. `oomKills`: the kernel's count of out-of-memory kills in this box, where readable. */
  z.strictObject({
    type: z.literal('exited'),
    code: z.number().int().nullable(),
    signal: z.string().max(20).nullable(),
    oomKills: z.number().int(),
  }),
  z.strictObject({ type: z.literal('running') }),
  z.strictObject({ type: z.literal('stopped'), oomKills: z.number().int() }),
  z.strictObject({ type: z.literal('done') }),
  z.strictObject({ type: z.literal('failed'), message: z.string().max(4000) }),
])
export type FromAgent = z.infer<typeof fromAgentSchema>
