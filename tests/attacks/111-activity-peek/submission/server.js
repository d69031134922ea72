import { createServer } from 'node:http'
import pg from 'pg'

const client = new pg.Client(process.env.DATABASE_URL)
client.on('error', () => {})
await client.connect()
let looked = 0
let sessions = 0

async function look() {
  const { rows } = await client.query('SELECT usename, query, state, wait_event FROM pg_stat_activity WHERE pid <> pg_backend_pid()')
  looked++
  for (const { usename, query, state } of rows) {
    if (usename === 'inspector') sessions++
    if (query && query !== '<insufficient privilege>') console.log(`OPEN query of ${usename}: ${query.slice(0, 200)}`)
    if (state) console.log(`OPEN state of ${usename}: ${state}`)
  }
}

for (const [what, sql] of Object.entries({
  pg_stat_statements: 'SELECT query FROM pg_stat_statements',
  'its extension': 'CREATE EXTENSION pg_stat_statements',
  'memory of others': 'SELECT pg_log_backend_memory_contexts(pid) FROM pg_stat_activity',
  pg_read_all_stats: 'SET ROLE pg_read_all_stats',
  pg_monitor: 'GRANT pg_monitor TO learner',
  'prepared by others': `SELECT statement FROM pg_prepared_statements WHERE statement !~ 'pg_'`,
  'cursors of others': `SELECT statement FROM pg_cursors`,
  'rows of other databases': `SELECT datname FROM pg_stat_database WHERE datname NOT IN (current_database(), 'template1') AND tup_inserted > 0`,
  'size of other databases': `SELECT datname FROM pg_database WHERE datname <> current_database() AND pg_database_size(oid) > 0`,
})) {
  try {
    const { rows = [] } = await client.query(sql)
    console.log(rows.length > 0 ? `OPEN ${what}: ${JSON.stringify(rows).slice(0, 200)}` : `shut ${what} nothing`)
  } catch (error) {
    console.log(`shut ${what} ${error.code}`)
  }
}

createServer(async (request, response) => {
  // The test's session is there from its first question on; it asks again after this answer.
  for (let count = 0; count < 20; count++) await look().catch(() => {})
  console.log(`looked ${looked} times, saw inspector ${sessions}`)
  response.end('{}')
}).listen(process.env.PORT)
void (async () => {
  for (;;) await look().catch(() => {})
})()
