import { z } from 'zod'
import { fileMapSchema } from './submission.ts'

/*
 * What worker and box agent (sandbox-images/agent) say to each other: JSON lines on one stream named "agent", opened by the
 * worker.
 * The agent runs in the subject's and the database's box; what comes from it is as untrusted as the learner's program.
 *
 * Other streams: "out" and "err" (agent → worker) carry the program's stdout and stderr; the worker opens "main" to reach
 * the program's port and "admin" to reach the database's local socket; the agent opens "peer:<name>" when the program
 * connects to a declared peer's port.
 */
export const toAgentSchema = z.discriminatedUnion('type', [
  /** Comes first, once: what this box is. Ports are on its loopback. The learner's files come with `start`. */
  z.strictObject({
    type: z.literal('configure'),
    command: z.array(z.string()).min(1),
    /**
     * A command that becomes the same program, but waits for a word on its stdin before it runs what the learner wrote
     * (core/runtimes.ts); absent where a program can only be started cold.
     */
    waiting: z.strictObject({ command: z.array(z.string()).min(1), modules: z.array(z.string()) }).optional(),
    env: z.record(z.string(), z.string()),
    port: z.number().int(),
    /** Where "admin" streams go: a Unix socket's path. */
    adminSocket: z.string().optional(),
    /** Ports to listen on for the program, and the peer that each stands for. */
    peers: z.array(z.strictObject({ name: z.string(), port: z.number().int() })),
  }),
  /** Starts the waiting command ahead of the first `start`, which it then serves; answered by `warm` once it waits, or by `failed`. */
  z.strictObject({ type: z.literal('warm') }),
  /** Lays these files into the cleaned box and starts the program; answered by `listening` or `exited`. */
  z.strictObject({ type: z.literal('start'), files: fileMapSchema }),
  /** Kills every process of the box but the agent; answered by `stopped`. */
  z.strictObject({ type: z.literal('stop') }),
  /** Whether the program still runs, or one waits; answered by `running` or `exited`. */
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
  /** A program waits for its files. */
  z.strictObject({ type: z.literal('warm') }),
  z.strictObject({ type: z.literal('running'), oomKills: z.number().int() }),
  z.strictObject({ type: z.literal('stopped'), oomKills: z.number().int() }),
  z.strictObject({ type: z.literal('done') }),
  z.strictObject({ type: z.literal('failed'), message: z.string().max(4000) }),
])
export type FromAgent = z.infer<typeof fromAgentSchema>
