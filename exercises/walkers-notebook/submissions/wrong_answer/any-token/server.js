// The token says whose it is, and nobody looks whether it was given out.
import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import pg from 'pg'

pg.types.setTypeParser(20, Number)
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 })
const SHEETS = join(import.meta.dirname, 'sheets')

const text = (least, most) => value =>
  typeof value === 'string' && value.length >= least && value.length <= most && !value.includes('\0')
const NAME = text(1, 60)
const PASSWORD = text(1, 200)
const TITLE = text(1, 200)
const TEXT = text(0, 10_000)
const HUT = text(0, 80)

const ME = 'id, name, role, hut'
const NOTE = 'id, title, text'

const OPEN = [
  ['POST', /^\/walkers$/, signUp],
  ['POST', /^\/sessions$/, signIn],
  ['GET', /^\/sheets\/([^/]+)$/, sheet],
  ['GET', /^\/go$/, go],
]
const SIGNED_IN = [
  ['GET', /^\/me$/, ({ me }) => ok(me)],
  ['PATCH', /^\/me$/, changeMe],
  ['GET', /^\/me\/hut$/, sameHut],
  ['POST', /^\/notes$/, keepNote],
  ['GET', /^\/notes$/, listNotes],
  ['GET', /^\/notes\/([^/]+)$/, async request => ok(await noteOf(request))],
  ['PATCH', /^\/notes\/([^/]+)$/, changeNote],
  ['DELETE', /^\/notes\/([^/]+)$/, removeNote],
  ['GET', /^\/notes\/([^/]+)\/export$/, exportNote],
]

class Refusal extends Error {
  constructor(status, code) {
    super(code)
    this.status = status
  }
}

createServer(async (request, response) => {
  let answer
  try {
    answer = await answerTo(request)
  } catch (error) {
    if (!(error instanceof Refusal)) console.error(error)
    const refusal = error instanceof Refusal ? error : new Refusal(500, 'internal')
    answer = { status: refusal.status, json: { error: refusal.message } }
  }
  const { status, json, body, headers } = answer
  response.writeHead(status, { ...(json !== undefined && { 'content-type': 'application/json' }), ...headers })
  response.end(json === undefined ? body : JSON.stringify(json))
}).listen(Number(process.env.PORT), process.env.HOST)

async function answerTo(request) {
  const url = new URL(request.url, 'http://localhost')
  const find = routes => routes.map(([method, path, handle]) => method === request.method && path.test(url.pathname) && { handle, path }).find(Boolean)
  const open = find(OPEN)
  const route = open ?? find(SIGNED_IN)
  const me = open ? undefined : await walkerOf(request)
  if (!route) throw new Refusal(404, 'not_found')
  const [, part] = route.path.exec(url.pathname)
  return route.handle({ me, part, query: url.searchParams, body: await bodyOf(request) })
}

async function walkerOf(request) {
  const [, token] = /^Bearer ([\w-]{20,100})$/.exec(request.headers.authorization ?? '') ?? []
  const { rows } = token ? await pool.query(`SELECT ${ME} FROM walkers WHERE id::text = left($1, 36)`, [token]) : { rows: [] }
  if (!rows[0]) throw new Refusal(401, 'unauthorized')
  return rows[0]
}

async function bodyOf(request) {
  if (request.method === 'GET' || request.method === 'DELETE') return {}
  let value
  try {
    value = JSON.parse(Buffer.concat(await request.toArray()).toString())
  } catch {
    throw new Refusal(400, 'bad_json')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal(422, 'invalid')
  return value
}

function check(...valid) {
  if (!valid.every(Boolean)) throw new Refusal(422, 'invalid')
}

function ok(json, status = 200) {
  return { status, json }
}

async function signUp({ body: { name, password } }) {
  check(NAME(name), PASSWORD(password))
  const salt = randomBytes(16)
  const kept = `${salt.toString('hex')}:${hashOf(password, salt).toString('hex')}`
  const { rows } = await pool.query(`INSERT INTO walkers (name, password) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING RETURNING ${ME}`, [name, kept])
  if (!rows[0]) throw new Refusal(409, 'name_taken')
  return ok(rows[0], 201)
}

async function signIn({ body: { name, password } }) {
  check(NAME(name), PASSWORD(password))
  const { rows } = await pool.query('SELECT id, password FROM walkers WHERE name = $1', [name])
  const [salt, hash] = (rows[0]?.password ?? 'none').split(':').map(part => Buffer.from(part, 'hex'))
  if (!hash?.length || !timingSafeEqual(hash, hashOf(password, salt))) throw new Refusal(401, 'wrong_password')
  const token = `${rows[0].id}-${randomBytes(12).toString('base64url')}`
  return ok({ token }, 201)
}

function hashOf(password, salt) {
  return scryptSync(password, salt, 32, { cost: 1024 })
}

async function changeMe({ me, body: { hut = me.hut } }) {
  check(HUT(hut))
  const { rows } = await pool.query(`UPDATE walkers SET hut = $2 WHERE id = $1 RETURNING ${ME}`, [me.id, hut])
  return ok(rows[0])
}

async function sameHut({ me }) {
  const { rows } = await pool.query('SELECT name FROM walkers WHERE hut = $1', [me.hut])
  return ok({ hut: me.hut, walkers: rows.map(row => row.name).sort() })
}

async function keepNote({ me, body: { title, text } }) {
  check(TITLE(title), TEXT(text))
  const { rows } = await pool.query(`INSERT INTO notes (walker, title, text) VALUES ($1, $2, $3) RETURNING ${NOTE}`, [me.id, title, text])
  return ok(rows[0], 201)
}

async function listNotes({ me, query }) {
  const words = query.get('q') ?? ''
  const sort = query.get('sort') ?? 'id'
  check(['id', 'title'].includes(sort), TEXT(words))
  const { rows } = await pool.query(`SELECT ${NOTE} FROM notes WHERE walker = $1 AND strpos(title, $2) > 0 ORDER BY ${sort}, id`, [me.id, words])
  return ok({ items: rows })
}

async function noteOf({ me, part }) {
  const { rows } = /^[1-9]\d{0,14}$/.test(part) ? await pool.query(`SELECT ${NOTE} FROM notes WHERE id = $1 AND walker = $2`, [part, me.id]) : { rows: [] }
  if (!rows[0]) throw new Refusal(404, 'not_found')
  return rows[0]
}

async function changeNote(request) {
  const note = await noteOf(request)
  const { title = note.title, text = note.text } = request.body
  check(TITLE(title), TEXT(text))
  const { rows } = await pool.query(`UPDATE notes SET title = $2, text = $3 WHERE id = $1 RETURNING ${NOTE}`, [note.id, title, text])
  return ok(rows[0])
}

async function removeNote(request) {
  const { id } = await noteOf(request)
  await pool.query('DELETE FROM notes WHERE id = $1', [id])
  return { status: 204 }
}

async function exportNote(request) {
  const { title, text } = await noteOf(request)
  const filename = title.replaceAll(/[^A-Za-z0-9 -]/g, '_')
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'content-disposition': `attachment; filename="${filename}.txt"` }
  return { status: 200, body: text, headers }
}

async function sheet({ part }) {
  if (!(await readdir(SHEETS)).includes(part)) throw new Refusal(404, 'not_found')
  return { status: 200, body: await readFile(join(SHEETS, part)), headers: { 'content-type': 'text/plain; charset=utf-8' } }
}

async function go({ query }) {
  const to = query.get('to') ?? ''
  check(/^\/(?!\/)[\w/?=&.-]*$/.test(to))
  return { status: 303, headers: { location: to } }
}
