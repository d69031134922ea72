import type { Client } from 'pg'
import type { QueryCost } from '../../core/query-cost.ts'
import { cleanText } from '../clean-text.ts'
import type { Pod } from '../pod.ts'
import { LEARNER, SUPERUSER } from '../sql/roles.ts'
import { FIRST, withSession } from '../sql/server.ts'

/*
 * pg_stat_statements counts a statement in shared memory twice: as a plan when it has been planned, which is before its first row,
 * and as a call when it ends well. Whoever has a row of it has been counted, also where it is left open, rolled back or fails
 * (docs/decisions/0022-what-a-request-costs-its-database.md). It stands in the database that a program can't enter, and counts by
 * role, so that what the tests read themselves isn't in it.
 */
export const COUNTING = 'CREATE EXTENSION pg_stat_statements'

/**
 * What `act` had the program ask of the database. What it still runs when `act` ends, and a transaction that it has open then, is
 * waited for, up to a quarter of a second.
 */
export function costOf(pod: Pod, act: () => unknown): Promise<QueryCost> {
  return withSession(pod.openDb, SUPERUSER, FIRST, async admin => {
    await admin.query(AT_REST)
    // Everybody's: then there is room for a thousand different ones.
    await admin.query('SELECT pg_stat_statements_reset()')
    await act()
    await admin.query(AT_REST)
    return counted(admin)
  })
}

/** What the server asks itself to hold a foreign key is asked as the tables' owner. */
const OWN = `userid = '${LEARNER}'::regrole AND dbid = (SELECT oid FROM pg_database WHERE datname = 'app')`

/** A program may answer first and finish its work afterwards. */
const AT_REST = `DO $$ BEGIN
  FOR turn IN 1..50 LOOP
    PERFORM pg_stat_clear_snapshot();
    PERFORM FROM pg_stat_activity WHERE usename = '${LEARNER}' AND state IN ('active', 'idle in transaction', 'fastpath function call');
    IF NOT FOUND THEN RETURN; END IF;
    PERFORM pg_sleep(0.005);
  END LOOP;
END $$`

/** What only steers a session: it reads and writes nothing. */
const STEERING = 'begin|start|commit|end|rollback|abort|savepoint|release|set|reset|show|deallocate|discard|close|unlisten'
/** A comment with another one inside it is none here: where that one ends decides what is a statement. What isn't recognised is counted. */
const COMMENT = String.raw`--[^\n\r]*[\n\r]|/\*([^*/]|\*(?!/)|/(?!\*))*\*/`
const STEERS = String.raw`^(\s|${COMMENT})*(${STEERING})\M`
/** Where FROM stands in an expression without naming a table. Blanks of one line only: what a comment or quotes end can't look like it, nor can a column "t. is". */
const NO_TABLE = String.raw`\m(extract|substring|trim|overlay)[ \t]*\(([\w \t.,]|\$\d+)*[ \t]|[\w)\]"][ \t]+is[ \t]+(not[ \t]+)?distinct[ \t]+`
/** What a block or a function runs, in contrast to an expression of it ("x + 1"), which is planned as if it were a statement and never called. */
const RUN_INSIDE = String.raw`\m(select|values|table|insert|update|delete|merge|(?<!${NO_TABLE})from)\M`

/** Words past so many are not looked for: they may stand there. */
const LOOKED_AT = 100_000
const OWN_TEXTS = `
  SELECT *, text ~* '${RUN_INSIDE}' OR (length(query) <= ${LOOKED_AT}) IS NOT TRUE AS runs
  FROM (SELECT *, coalesce(left(query, ${LOOKED_AT}), '') AS text FROM pg_stat_statements WHERE ${OWN}) AS own`
/** What EXPLAIN runs has the whole text for its own that it was sent in, from its first word on. */
const TIMES = `
  SELECT queryid, text, rows, CASE WHEN toplevel OR runs THEN greatest(plans, calls) ELSE calls END AS times
  FROM (${OWN_TEXTS}) AS own WHERE text !~* '${STEERS}' OR (runs AND NOT toplevel)`

/** Statements that were forgotten for newer ones: fifty at a time, the rarest, when a thousand are there (entry_dealloc in pg_stat_statements.c). */
const FORGOTTEN = 'SELECT 50 * dealloc FROM pg_stat_statements_info'

async function counted(admin: Client): Promise<QueryCost> {
  const [totals, repeated] = await Promise.all([
    admin.query<Omit<QueryCost, 'repeated'>>(
      `SELECT coalesce(sum(times), 0)::float8 + (${FORGOTTEN}) AS statements, coalesce(sum(rows), 0)::float8 AS rows FROM (${TIMES}) AS counted`,
    ),
    admin.query<QueryCost['repeated'][number]>(
      `SELECT left(text, 1000) AS text, times::float8 AS calls, rows::float8
       FROM (${TIMES}) AS counted WHERE times > 1 ORDER BY times DESC, queryid LIMIT 5`,
    ),
  ])
  return { ...totals.rows[0]!, repeated: repeated.rows.map(row => ({ ...row, text: cleanText(row.text, 1000) })) }
}
