import { query } from './database.js'
import { body, string } from './schemas.js'

const NOTE = 'id, title, text'
const SORTS = { id: 'id', title: 'title, id' }
const texts = { title: string(1, 200), text: string(0, 10_000) }

export async function notes(app) {
  app.decorateRequest('note', null)
  app.addHook('preHandler', async (request, reply) => {
    const { id } = request.params
    if (id === undefined) return
    const [note] = /^[1-9]\d{0,14}$/.test(id) ? await query(`SELECT ${NOTE} FROM notes WHERE walker = $1 AND id = $2`, [request.me.id, id]) : []
    if (!note) return reply.code(404).send({ error: 'not_found' })
    request.note = note
  })

  app.post('/notes', { schema: body(texts, ['title', 'text']) }, async ({ me, body: { title, text } }, reply) => {
    const [note] = await query(`INSERT INTO notes (walker, title, text) VALUES ($1, $2, $3) RETURNING ${NOTE}`, [me.id, title, text])
    return reply.code(201).send(note)
  })

  app.get('/notes', async (request, reply) => {
    const { q = '', sort = 'id' } = request.query
    if (!Object.hasOwn(SORTS, sort) || typeof q !== 'string' || q.includes('\0')) return reply.code(422).send({ error: 'invalid' })
    const items = await query(`SELECT ${NOTE} FROM notes WHERE walker = $1 AND title LIKE '%' || $2 || '%' ORDER BY ${SORTS[sort]}`, [
      request.me.id,
      q.replaceAll(/[\\%_]/g, '\\$&'),
    ])
    return { items }
  })

  app.get('/notes/:id', async request => request.note)

  app.patch('/notes/:id', { schema: body(texts, []) }, async ({ note, body: change }) => {
    const { title, text } = { ...note, ...change }
    await query('UPDATE notes SET title = $2, text = $3 WHERE id = $1', [note.id, title, text])
    return { id: note.id, title, text }
  })

  app.delete('/notes/:id', async (request, reply) => {
    await query('DELETE FROM notes WHERE id = $1', [request.note.id])
    return reply.code(204).send()
  })

  app.get('/notes/:id/export', async ({ note }, reply) => {
    const filename = note.title.replaceAll(/[^A-Za-z0-9 -]/g, '_')
    return reply.header('content-disposition', `attachment; filename="${filename}.txt"`).type('text/plain; charset=utf-8').send(note.text)
  })
}
