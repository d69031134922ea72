import { createServer } from 'node:http'
import pg from 'pg'

const client = new pg.Client(process.env.DATABASE_URL)
client.on('error', () => {})
await client.connect()

async function tries(what, sql) {
  try {
    const { rows = [] } = await client.query(sql)
    console.log(`OPEN ${what} ${JSON.stringify(rows).slice(0, 200)}`)
  } catch (error) {
    console.log(`shut ${what} ${error.code}`)
  }
}

await client.query('CREATE TABLE words (line text)')
const ways = {
  'COPY TO PROGRAM': `COPY words TO PROGRAM 'id > /tmp/id'`,
  'COPY FROM PROGRAM': `COPY words FROM PROGRAM 'id'`,
  'COPY query TO PROGRAM': `COPY (SELECT 1) TO PROGRAM 'sh -c id'`,
  'in a DO block': `DO $$ BEGIN COPY words FROM PROGRAM 'id'; END $$`,
  'in EXECUTE': `DO $$ BEGIN EXECUTE 'COPY words FROM PROGRAM ''id'''; END $$`,
  'with a caught error': `DO $$ BEGIN COPY words FROM PROGRAM 'id'; EXCEPTION WHEN insufficient_privilege THEN EXECUTE 'COPY words TO PROGRAM ''cat'''; END $$`,
  'after a role': `SET ROLE pg_execute_server_program; COPY words FROM PROGRAM 'id'`,
  'after another': `SET ROLE assay; COPY words FROM PROGRAM 'id'`,
  'granted to itself': `GRANT pg_execute_server_program TO learner; COPY words FROM PROGRAM 'id'`,
  'into a temporary table': `CREATE TEMPORARY TABLE t (line text); COPY t FROM PROGRAM 'id'; SELECT * FROM t`,
  'in a function': `CREATE FUNCTION run() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN COPY words FROM PROGRAM 'id'; END $$; SELECT run()`,
  'archive_command': `ALTER SYSTEM SET archive_command = 'id'`,
  'restore_command': `SELECT set_config('restore_command', 'id', false)`,
  'ssl_passphrase_command': `SET ssl_passphrase_command = 'id'`,
}
for (const [what, sql] of Object.entries(ways)) await tries(what, sql)
const { rows } = await client.query('SELECT line FROM words')
console.log(`tried all, ${rows.length} lines`)
createServer((_, response) => response.end(rows.map(row => row.line).join('\n'))).listen(process.env.PORT)
