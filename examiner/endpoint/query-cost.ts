import type { Client } from 'pg'
import type { QueryCost } from '../../core/query-cost.ts'
import { cleanText } from '../clean-text.ts'
import type { Pod } from '../pod.ts'
import { LEARNER, SUPERUSER } from '../sql/roles.ts'
import { FIRST, withSession } from '../sql/server.ts'

/*
 * pg_stat_statements counts a statement in shared memory when its execution ends, before the server says that it is ready for the
 * next one: whoever has its rows has been counted (docs/decisions/0022-what-a-request-costs-its-database.md). It stands in the
 * database that a program can't enter, and counts by role, so that what the tests read themselves isn't in it.
 */
export const COUNTING = 'CREATE EXTENSION pg_stat_statements'

/** What `act` had the program ask of the database. What it still runs when `act` ends is waited for, up to a quarter of a second. */
export function costOf(pod: Pod, act: () => unknown): Promise<QueryCost> {
  return withSession(pod.openDb, SUPERUSER, FIRST, async admin => {
    await admin.query(AT_REST)
    await admin.query(`SELECT pg_stat_statements_reset(${ROLE}, ${DATABASE}, 0)`)
    await act()
    await admin.query(AT_REST)
    return counted(admin)
  })
}

const ROLE = `'${LEARNER}'::regrole`
const DATABASE = `(SELECT oid FROM pg_database WHERE datname = 'app')`
/** What the server asks itself to hold a foreign key is asked as the tables' owner. */
const OWN = `userid = ${ROLE} AND dbid = ${DATABASE}`

/** A program may answer first and finish its work afterwards. */
const AT_REST = `DO $$ BEGIN
  FOR turn IN 1..50 LOOP
    PERFORM pg_stat_clear_snapshot();
    PERFORM FROM pg_stat_activity WHERE usename = '${LEARNER}' AND state = 'active';
    IF NOT FOUND THEN RETURN; END IF;
    PERFORM pg_sleep(0.005);
  END LOOP;
END $$`

async function counted(admin: Client): Promise<QueryCost> {
  const [totals, repeated] = await Promise.all([
    admin.query<Omit<QueryCost, 'repeated'>>(
      `SELECT coalesce(sum(calls), 0)::float8 AS statements, coalesce(sum(rows), 0)::float8 AS rows FROM pg_stat_statements(false) WHERE ${OWN}`,
    ),
    admin.query<QueryCost['repeated'][number]>(
      `SELECT coalesce(left(query, 1000), '') AS text, calls::float8, rows::float8
       FROM pg_stat_statements WHERE ${OWN} AND calls > 1 ORDER BY calls DESC, queryid LIMIT 5`,
    ),
  ])
  return { ...totals.rows[0]!, repeated: repeated.rows.map(row => ({ ...row, text: cleanText(row.text, 1000) })) }
}
