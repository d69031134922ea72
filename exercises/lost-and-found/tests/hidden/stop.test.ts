import { expect, test } from 'assay'
import { drawFind, ENDS_WITHIN_MS, register, storedFinds } from '../office.ts'

/** Long enough for a program that doesn't wait. */
const HELD_MS = 300

test(
  'answers what is under way before it ends',
  { id: 'stop-under-way', task: 'stop', points: 5, category: 'requests under way' },
  async ({ http, db, program }) => {
    await register(http, drawFind())
    const find = drawFind()
    const held = await db.hold('finds')
    const answer = http.post('/finds', { json: find })
    await held.untilWaiting(1)
    const stopping = program.stop({ withinMs: HELD_MS + ENDS_WITHIN_MS })
    await Promise.race([stopping, new Promise(resolve => setTimeout(resolve, HELD_MS))])
    await held.release()
    expect((await answer).status, 'status of the request under way').toBe(201)
    const { code, signal } = await stopping
    expect({ code, signal }, 'how the program ended').toEqual({ code: 0, signal: null })
    expect(await storedFinds(db)).toContainEqual({ id: expect.any(Number), ...find })
  },
)

test(
  'finds everything again when it is started anew',
  { id: 'stop-start', task: 'stop', points: 2, category: 'a new start' },
  async ({ http, program }) => {
    const find = drawFind()
    const id = await register(http, find)
    const { code } = await program.stop({ withinMs: ENDS_WITHIN_MS })
    expect(code, 'exit code').toBe(0)
    await program.start()
    expect((await http.get(`/finds/${id}`)).json).toEqual({ id, ...find })
  },
)
