// Fastify with schemas; what needs a sign-in stands in a plug-in of its own, behind one hook.
import Fastify from 'fastify'
import { readFile } from 'node:fs/promises'
import { query } from './lib/database.js'
import { notes } from './lib/notes.js'
import { body, ME, string } from './lib/schemas.js'
import { hashed, newToken, matches } from './lib/secrets.js'

const app = Fastify({ ajv: { customOptions: { coerceTypes: false, removeAdditional: true } } })

app.setErrorHandler((error, _, reply) => {
  if (error.code === 'FST_ERR_VALIDATION') return reply.code(422).send({ error: 'invalid' })
  if (error.statusCode >= 400 && error.statusCode < 500) return reply.code(400).send({ error: 'bad_request' })
  console.error(error)
  return reply.code(500).send({ error: 'internal' })
})
app.setNotFoundHandler((_, reply) => reply.code(404).send({ error: 'not_found' }))

const credentials = body({ name: string(1, 60), password: string(1, 200) }, ['name', 'password'])

app.post('/walkers', { schema: credentials }, async (request, reply) => {
  const { name, password } = request.body
  const [walker] = await query(`INSERT INTO walkers (name, password) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING ${ME}`, [name, hashed(password)])
  return walker ? reply.code(201).send(walker) : reply.code(409).send({ error: 'name_taken' })
})

app.post('/sessions', { schema: credentials }, async (request, reply) => {
  const { name, password } = request.body
  const [walker] = await query('SELECT id, password FROM walkers WHERE name = $1', [name])
  if (!walker || !matches(password, walker.password)) return reply.code(401).send({ error: 'wrong_password' })
  const token = newToken()
  await query('INSERT INTO sessions (token, walker) VALUES ($1, $2)', [token, walker.id])
  return reply.code(201).send({ token })
})

app.get('/sheets/:name', async (request, reply) => {
  const { name } = request.params
  try {
    if (!/^[\w-]+\.txt$/.test(name)) throw new Error('no name of a sheet')
    const text = await readFile(new URL(`sheets/${name}`, import.meta.url), 'utf8')
    return reply.type('text/plain; charset=utf-8').send(text)
  } catch {
    return reply.code(404).send({ error: 'not_found' })
  }
})

app.get('/go', async (request, reply) => {
  const { to } = request.query
  const own = 'http://notebook'
  // Read as a browser would, and again as it will stand in the header.
  const stays = target => target.startsWith('/') && URL.canParse(target, own) && new URL(target, own).origin === own
  if (typeof to !== 'string' || !stays(to)) return reply.code(422).send({ error: 'invalid' })
  const { pathname, search } = new URL(to, own)
  return stays(pathname + search) ? reply.code(303).header('location', pathname + search).send() : reply.code(422).send({ error: 'invalid' })
})

app.register(async signedIn => {
  signedIn.decorateRequest('me', null)
  signedIn.addHook('onRequest', async (request, reply) => {
    const [, token] = /^Bearer ([\w-]+)$/.exec(request.headers.authorization ?? '') ?? []
    const [walker] = token ? await query(`SELECT ${ME} FROM walkers JOIN sessions ON walker = id WHERE token = $1`, [token]) : []
    if (!walker) return reply.code(401).send({ error: 'unauthorized' })
    request.me = walker
  })
  signedIn.get('/me', async request => request.me)
  signedIn.patch('/me', { schema: body({ hut: string(0, 80) }, []) }, async ({ me, body: { hut = me.hut } }) => {
    await query('UPDATE walkers SET hut = $2 WHERE id = $1', [me.id, hut])
    return { ...me, hut }
  })
  signedIn.get('/me/hut', async ({ me }) => {
    const rows = await query('SELECT name FROM walkers WHERE hut = $1 ORDER BY name', [me.hut])
    return { hut: me.hut, walkers: rows.map(row => row.name) }
  })
  signedIn.register(notes)
})

await app.listen({ port: Number(process.env.PORT), host: process.env.HOST })
