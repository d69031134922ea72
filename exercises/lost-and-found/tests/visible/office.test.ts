import { expect, rounds, test } from 'assay'
import { drawFind, ENDS_WITHIN_MS, expectRefusal, register, registerAgain, storedFinds } from '../office.ts'

test(
  'registers a find and shows it',
  { id: 'finds-shown', task: 'finds', hint: 'What is answered must stand in the table, under the same id.' },
  async ({ http, db }) => {
    const find = drawFind()
    const id = await register(http, find)
    expect(await storedFinds(db)).toContainEqual({ id, ...find })
    const shown = await http.get(`/finds/${id}`)
    expect({ status: shown.status, json: shown.json }).toEqual({ status: 200, json: { id, ...find } })
  },
)

test(
  'refuses a body that is no JSON',
  { id: 'bodies-malformed', task: 'bodies', hint: 'JSON.parse throws; who catches it, and what is answered then?' },
  async ({ http, db }) => {
    const before = await storedFinds(db)
    for (const body of ['{', 'umbrella', '{"what":"umbrella","place":']) {
      expectRefusal(await http.post('/finds', { body, headers: { 'content-type': 'application/json' } }), 400, 'malformed')
    }
    expect(await storedFinds(db)).toEqual(before)
    await register(http, drawFind())
  },
)

test(
  'answers others while a slow client sends',
  { id: 'slow-others', task: 'slow', timeLimitMs: 8000, hint: 'Reading one body must not keep the program from reading another.' },
  async ({ http, db }) => {
    await rounds(4, async () => {
      const find = drawFind()
      const slow = await http.slowly('POST', '/finds', { json: find })
      await register(http, drawFind())
      const { status, json } = await slow.finish()
      expect(status).toBe(201)
      expect(await storedFinds(db)).toContainEqual({ id: json.id, ...find })
    })
  },
)

test(
  'ends with exit code 0 on SIGTERM',
  {
    id: 'stop-clean',
    task: 'stop',
    hint: "process.on('SIGTERM', …): stop listening, wait for what is under way, close the database's connections.",
  },
  async ({ http, program }) => {
    await register(http, drawFind())
    const { code, signal } = await program.stop({ withinMs: ENDS_WITHIN_MS })
    expect({ code, signal }, 'how the program ended').toEqual({ code: 0, signal: null })
  },
)

test(
  'registers finds again after the database was restarted',
  {
    id: 'outage-again',
    task: 'outage',
    hint: 'A pool tells of lost idle connections by its "error" event; nobody hearing it ends the program.',
  },
  async ({ http, db }) => {
    const before = drawFind()
    const id = await register(http, before)
    await db.restart()
    const after = drawFind()
    await registerAgain(http, after)
    expect((await http.get(`/finds/${id}`)).json).toEqual({ id, ...before })
    expect(await storedFinds(db)).toContainEqual({ id: expect.any(Number), ...after })
  },
)
