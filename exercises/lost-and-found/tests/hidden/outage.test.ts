import { expect, test } from 'assay'
import { drawFind, expectRefusal, register, registerAgain, storedFinds } from '../office.ts'

test(
  'answers 503 to what the outage meets, and goes on',
  { id: 'outage-under-way', task: 'outage', timeLimitMs: 8000, points: 4, category: 'requests during an outage' },
  async ({ http, db }) => {
    await register(http, drawFind())
    const held = await db.hold('finds')
    const lost = drawFind()
    const answer = http.post('/finds', { json: lost })
    await held.untilWaiting(1)
    await db.restart()
    expectRefusal(await answer, 503, 'unavailable')
    const next = drawFind()
    await registerAgain(http, next)
    const stored = await storedFinds(db)
    expect(stored).toContainEqual({ id: expect.any(Number), ...next })
    expect(stored).not.toContainEqual({ id: expect.any(Number), ...lost })
  },
)

test(
  'survives one outage after the other',
  { id: 'outage-twice', task: 'outage', points: 2, category: 'several outages' },
  async ({ http, db }) => {
    for (let outage = 0; outage < 2; outage++) {
      await Promise.all(Array.from({ length: 5 }, () => register(http, drawFind())))
      await db.restart()
      await registerAgain(http, drawFind())
    }
    expect(await storedFinds(db)).not.toHaveLength(0)
  },
)
