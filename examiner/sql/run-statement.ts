import { DatabaseError, Query, type Client, type QueryConfig } from 'pg'
import { FIXED } from '../../core/limits.ts'
import type { Cell } from './comparison/cell.ts'
import type { Column } from './comparison/compare.ts'
import { HeldQuery } from './held-query.ts'

/*
 * Runs one statement of a learner over the extended protocol, which takes exactly one, and never trusts what comes back:
 * rows and bytes are counted as they arrive on the socket, so a cell of a gigabyte ends the run before it is in memory,
 * and the time limit is the examiner's own, since the statement itself may switch the server's off.
 */
export type RunLimits = {
  timeMs: number
  rows: number
  bytes: number
  /** The end of the test or the grading: aborting it is a time-out like any other. */
  signal?: AbortSignal | undefined
  /** Awaited when the statement has been executed, before a transaction of its own ends. */
  held?: () => Promise<unknown>
}

export type RunResult =
  | { type: 'rows'; columns: Column[]; rows: Cell[][]; command: string; rowCount: number | null }
  | { type: 'error'; error: DatabaseError }
  /** By the statement's own limit, or because the test that asked for it was over. */
  | { type: 'timed_out'; by: 'statement' | 'test' }
  | { type: 'too_large'; what: 'rows' | 'bytes' }
  /** The connection ended without a word: the server crashed, or was killed for memory. */
  | { type: 'lost'; message: string }

/** Every way in which there are no rows. */
export type Failure = Exclude<RunResult, { type: 'rows' }>

export const RESULT_LIMITS = { rows: FIXED.resultRows, bytes: FIXED.resultBytes }

/** Ends another session from the outside, by its process id; `terminate` waits up to a second until it is gone with its locks. */
export type Killer = { cancel: (pid: number) => Promise<void>; terminate: (pid: number) => Promise<void> }

/** Beyond the server's own time-out, which gives the better words, comes ours. */
const GRACE_MS = 300
const asText = { getTypeParser: () => (value: string) => value }

/** The connection can be used further only after `rows` and `error`. */
export async function runStatement(
  client: Client,
  text: string,
  limits: RunLimits,
  killer: Killer,
  values?: readonly unknown[],
): Promise<RunResult> {
  const stream = client.connection.stream
  const pid = processIdOf(client)
  const { promise, resolve } = Promise.withResolvers<RunResult>()
  const rows: Cell[][] = []
  let bytes = 0
  let ending: Promise<void> | undefined
  const end = (result: RunResult) => {
    ending ??= killer.terminate(pid).catch(() => {})
    stream.destroy()
    resolve(result)
  }
  const count = (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > limits.bytes) end({ type: 'too_large', what: 'bytes' })
  }
  const lost = (error: Error) => resolve({ type: 'lost', message: error.message })
  const aborted = () => end({ type: 'timed_out', by: 'test' })
  const closed = () => lost(new Error('the connection was closed'))
  stream.on('data', count)
  client.on('error', lost)
  client.on('end', closed)
  limits.signal?.addEventListener('abort', aborted, { once: true })
  let timer = setTimeout(() => {
    timer = setTimeout(() => end({ type: 'timed_out', by: 'statement' }), GRACE_MS)
    killer.cancel(pid).catch(() => {})
  }, limits.timeMs + GRACE_MS)

  const config = { text, values, rowMode: 'array', queryMode: 'extended', types: asText } as unknown as QueryConfig
  const query = limits.held ? new HeldQuery(config, limits.held) : new Query(config)
  query.on('row', row => {
    rows.push(row as Cell[])
    if (rows.length > limits.rows) end({ type: 'too_large', what: 'rows' })
  })
  query.on('error', error => resolve(errorResult(error)))
  query.on('end', result => {
    const columns = result.fields.map(field => ({ name: field.name, type: field.dataTypeID }))
    resolve({ type: 'rows', columns, rows, command: result.command, rowCount: result.rowCount })
  })
  if (limits.signal?.aborted) aborted()
  else client.query(query)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    limits.signal?.removeEventListener('abort', aborted)
    stream.off('data', count)
    client.off('error', lost)
    client.off('end', closed)
    await ending
  }
}

/** The same with a statement of ours sent right before it: one way there and back for both. Throws when ours failed. */
export async function runAfter(client: Client, ours: string, ...given: Given): Promise<RunResult> {
  const sent = client.query(ours)
  // Where the session is lost the result says so.
  sent.catch(() => {})
  const result = await runStatement(client, ...given)
  if (result.type === 'rows') await sent
  return result
}

type Given = [text: string, limits: RunLimits, killer: Killer, values?: readonly unknown[]]

function errorResult(error: Error): RunResult {
  // Class 57P: the session or the server was shut down.
  if (!(error instanceof DatabaseError) || error.code?.startsWith('57P')) return { type: 'lost', message: error.message }
  return error.code === '57014' ? { type: 'timed_out', by: 'statement' } : { type: 'error', error }
}

export function processIdOf(client: Client): number {
  return (client as unknown as { processID: number }).processID
}

/** Kills sessions through a connection of the superuser. A server that doesn't answer has none that matter any more. */
export function killerOn(admin: Client): Killer {
  const ask = async (text: string, pid: number) => {
    const { promise: late, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, KILL_MS)
    try {
      await Promise.race([admin.query(text, [pid]), late])
    } finally {
      clearTimeout(timer)
    }
  }
  return {
    cancel: pid => ask('SELECT pg_catalog.pg_cancel_backend($1)', pid),
    terminate: pid => ask('SELECT pg_catalog.pg_terminate_backend($1, 1000)', pid),
  }
}

const KILL_MS = 2_000
