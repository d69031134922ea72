import type { Client } from 'pg'
import { InvalidInput } from '../../../../core/errors.ts'
import type { QueryManifest } from '../../../../core/exercise.ts'
import type { PlanBudget } from '../../../../core/plan-budget.ts'
import { limitsOf } from '../../learner-session.ts'
import { runAfter, type Failure, type Killer } from '../../run-statement.ts'
import type { Named } from './hold-budget.ts'
import { readPlan, type Measured } from './read-plan.ts'

/**
 * Carries a SELECT out once more to see its plan, as the session's own role, in a transaction that can't write, over the
 * protocol that takes one statement. Watched it runs slower, so it has `WATCHED` times its limit. No clocks in the plan: their figures
 * differ from run to run, and reading them for each row takes longer than many a row. Gives the run that failed.
 */
export async function measure(session: Client, text: string, manifest: QueryManifest, killer: Killer): Promise<Measured | Failure> {
  const limits = { ...limitsOf(manifest), timeMs: WATCHED * manifest.limits.statement }
  const run = await runAfter(session, 'BEGIN READ ONLY', `${EXPLAIN} ${text}`, limits, killer)
  if (run.type !== 'rows') return run
  const measured = readPlan(run.rows[0]?.[0] ?? '[]')
  return measured ?? { type: 'lost', message: 'the server explained no plan' }
}

/** The server's own limit of a statement is this much higher in all sessions of such an exercise: a statement can read it. */
export const WATCHED = 2

const EXPLAIN = 'EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, SUMMARY OFF, FORMAT JSON)'

/** Which relations the names of a budget stand for. Throws InvalidInput where there is none of a name. */
export async function namedRelations(session: Client, { noSeqScan = [], usesIndex = [] }: PlanBudget, field: string): Promise<Named> {
  const { rows } = await session.query<{ wanted: string; kind: string; part: string }>(NAMED, [[...noSeqScan, ...usesIndex]])
  const hasAny = (name: string, kinds: string) => rows.some(({ wanted, kind }) => wanted === name && kinds.includes(kind))
  const missing = [
    ...noSeqScan.filter(name => !hasAny(name, 'rpm')).map(name => ['noSeqScan', 'table', name]),
    ...usesIndex.filter(name => !hasAny(name, 'iI')).map(name => ['usesIndex', 'index', name]),
  ]
  if (missing.length > 0) {
    throw new InvalidInput(
      missing.map(([demand, what, name]) => ({
        file: 'exercise.yaml',
        field: `${field}.${demand}`,
        message: `the schema has no ${what} "${name}"`,
      })),
    )
  }
  return new Map([...Map.groupBy(rows, row => row.wanted)].map(([name, own]) => [name, new Set(own.map(({ part }) => part))]))
}

const NAMED = `
  SELECT c.relname AS wanted, c.relkind AS kind, p.relname AS part
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  CROSS JOIN LATERAL (SELECT c.oid AS relid UNION SELECT relid FROM pg_partition_tree(c.oid)) AS tree
  JOIN pg_class p ON p.oid = tree.relid
  WHERE c.relname = ANY($1::text[])`
