import { createServer } from 'node:http'
import pg from 'pg'

const ways = [
  `CREATE TABLE IF NOT EXISTS big (filling text); ALTER TABLE big ALTER filling SET STORAGE EXTERNAL;
   INSERT INTO big SELECT repeat('x', 100000) FROM generate_series(1, 3000)`,
  `CREATE TABLE IF NOT EXISTS logged (filling text); INSERT INTO logged SELECT md5(g::text) FROM generate_series(1, 1000000) g; UPDATE logged SET filling = filling || 'x'`,
  `CREATE TEMPORARY TABLE IF NOT EXISTS t (filling text); INSERT INTO t SELECT repeat(md5(g::text), 1000) FROM generate_series(1, 10000) g`,
  `SET work_mem = '64kB'; SELECT count(*) FROM (SELECT md5(g::text) FROM generate_series(1, 100000000) g ORDER BY 1 OFFSET 0) s`,
  `DECLARE c CURSOR WITH HOLD FOR SELECT repeat(md5(g::text), 1000) FROM generate_series(1, 100000) g`,
  `LISTEN a; DO $$ BEGIN FOR i IN 1..10000000 LOOP EXECUTE format('NOTIFY a, %L', repeat('x', 7900) || i); END LOOP; END $$`,
  `SELECT pg_logical_emit_message(false, 'x', repeat('x', 100000000))`,
  `CREATE TABLE IF NOT EXISTS many (a text, b text, c text); CREATE INDEX ON many (a, b); CREATE INDEX ON many (b, c); INSERT INTO many SELECT md5(g::text), md5(g::text), md5(g::text) FROM generate_series(1, 3000000) g`,
]

async function fill(sql) {
  const client = new pg.Client(process.env.DATABASE_URL)
  client.on('error', () => {})
  await client.connect()
  await client.query('SET statement_timeout = 0')
  for (let left = 300; left > 0; left--) {
    try {
      await client.query(sql)
      console.log('filled')
    } catch (error) {
      console.log(`no room ${error.code}`)
      if (!/^[0-9A-Z]{5}$/.test(error.code)) return
    }
  }
}

let begun = false
createServer((_, response) => {
  if (!begun) for (const sql of ways) fill(sql).catch(error => console.log(`no room ${error.code}`))
  begun = true
  setTimeout(() => response.end('{}'), 1500)
}).listen(process.env.PORT)
