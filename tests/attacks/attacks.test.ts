import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { readAttacks, readSkipped, type SubmissionAttack } from './attack.ts'
import { batches, carryOutBatch } from './batch.ts'
import { WORKER_SECRET, type Result } from './carry-out.ts'
import { carryOutOnPlatform } from './carry-out-on-platform.ts'
import { third, todaysThird } from './choose.ts'
import { openPlatform } from './platform.ts'
import { openRange } from './range.ts'

/*
 * A third of the corpus, another one each day; `npm run attacks` carries out all of it. After every attack: it was not
 * accepted, no canary is in what a learner sees, the verdict is the learner's, nothing of it is left, and benign
 * submissions beside it and right after it are accepted.
 */
vi.stubEnv('ASSAY_TOKEN', WORKER_SECRET)
const range = await openRange({ runtime: 'runc' })
afterAll(() => range[Symbol.asyncDispose]())
const all = await readAttacks()
const today = third(all, todaysThird())
console.log(`attacks of today's third (${todaysThird()}): ${today.map(({ number }) => number).join(', ')}`)

const submissions = today.filter(attack => attack.kind !== 'platform')

describe.each(batches(submissions).map(batch => ({ title: batch.map(({ folder }) => folder).join(', '), batch })))(
  '$title',
  ({ batch }) => {
    let results: Promise<Result[]> | undefined
    test.each(batch.map(attack => [attack.folder, attack] as const))('%s', { timeout: 240_000 }, async (_, attack: SubmissionAttack) => {
      results ??= carryOutBatch(batch, range)
      const result = (await results).find(result => result.attack === attack)!
      expect(result.breaches).toEqual([])
    })
  },
)

describe('on a running service', () => {
  let service: Awaited<ReturnType<typeof openPlatform>>
  beforeAll(async () => void (service = await openPlatform()))
  afterAll(() => service[Symbol.asyncDispose]())
  const platform = today.filter(attack => attack.kind === 'platform')
  test.each(platform.map(attack => [attack.folder, attack] as const))('%s', { timeout: 240_000 }, async (_, attack) => {
    expect((await carryOutOnPlatform(attack, service)).breaches).toEqual([])
  })
})

test('the corpus is whole: every attack is here, or skipped with a reason', async () => {
  const numbers = new Set([...all, ...(await readSkipped())].map(({ number }) => number))
  expect([...numbers].toSorted((one, other) => one - other)).toEqual(Array.from({ length: 147 }, (_, index) => index + 1))
})

test('the canaries are there to be found', async () => {
  const slugs = new Set(submissions.map(({ exercise }) => exercise))
  for (const slug of ['greeting', 'ledger', 'bookings', 'rename'].filter(slug => slugs.has(slug)))
    expect((await range.prepared(slug)).canaries, slug).toContain('CANARY-NAME')
})
