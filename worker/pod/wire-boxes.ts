import { GraderError } from '../../core/errors.ts'
import { join } from '../../core/join.ts'
import { FIXED } from '../../core/limits.ts'
import type { PodPlan } from '../kinds/kind.ts'
import type { Box } from '../sandbox/sandbox.ts'
import { AgentClient } from './agent-client.ts'
import type { OutputSource } from './output-capture.ts'

export type Subject = { box: Box; agent: AgentClient }
export type Database = { box: Box; agent: AgentClient; listening: Promise<void>; lastWords: () => string }

const POSTGRES_PORT = 5432
/**
 * Only where tests ask for it: see docs/decisions/0022-what-a-request-costs-its-database.md for what it costs. A statement with
 * parameters is planned each time, so that its plans are as many as its calls.
 */
export const COUNTING = ['-c', 'shared_preload_libraries=pg_stat_statements', '-c', 'plan_cache_mode=force_custom_plan']
const POSTGRES_SOCKET = '/pgdata/run/.s.PGSQL.5432'

/** The line of a box that a program runs in: what it prints, and its way to its database. */
export function wireSubject(
  box: Box,
  plan: NonNullable<PodPlan['subject']>,
  database: Database | undefined,
  heard: (from: OutputSource, chunk: Buffer) => void,
): Subject {
  box.onStream((name, stream) => {
    if (name === 'out') stream.on('data', (chunk: Buffer) => heard('stdout', chunk))
    else if (name === 'err') stream.on('data', (chunk: Buffer) => heard('stderr', chunk))
    else if (name === 'peer:postgres' && database) join(stream, database.box.open('main'))
    else stream.destroy()
  })
  const peers = database ? [{ name: 'postgres', port: POSTGRES_PORT }] : []
  const { image: _, ...program } = plan
  return { box, agent: new AgentClient(box, { ...program, peers }) }
}

export function startDatabase(box: Box, { countStatements }: PodPlan): Database {
  let words = ''
  box.onStream((name, stream) => {
    if (name === 'out' || name === 'err') stream.on('data', (chunk: Buffer) => (words = (words + chunk.toString('utf8')).slice(-8192)))
    else stream.destroy()
  })
  const agent = new AgentClient(box, {
    command: ['/usr/local/bin/start-postgres', ...(countStatements ? COUNTING : [])],
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8', HOME: '/work' },
    port: POSTGRES_PORT,
    adminSocket: POSTGRES_SOCKET,
    peers: [],
  })
  const lastWords = () => words.trimEnd().split('\n').slice(-FIXED.logTailLines).join('\n')
  const listening = startedOrThrow(agent, lastWords)
  listening.catch(() => {})
  return { box, agent, listening, lastWords }
}

async function startedOrThrow(agent: AgentClient, lastWords: () => string): Promise<void> {
  const result = await agent.start({})
  if (result?.listening) return
  throw new GraderError('DATABASE_NOT_STARTED', `PostgreSQL did not start in its box: ${lastWords() || 'it said nothing'}`)
}
