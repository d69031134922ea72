import { describe, expect, test } from 'vitest'
import { ownersOf, planRush, type Planned, type RushShape } from '../../../bench/load/plan-rush.ts'
import { relativeError, waitRatios } from '../../../bench/load/waits.ts'
import { median, quantile } from '../../../bench/measure/stats.ts'
import { simulate, type Exercise, type Simulated } from './simulate.ts'

/*
 * What `npm run bench:load` asks of a real service, asked of the rule alone: the same rush with and without a flood, on a
 * clock of its own.
 */
const SMALL = { submissions: 300, owners: 60, windowMs: 20_000 }
/** Groups of 150, 40 and 10 owners. */
const WHOLE = { submissions: 600, owners: 200, windowMs: 40_000 }
const SLOTS = 2
const UNFELT_MS = 1000
const TOLD_FROM_MS = 5000

/** Half a second on average; one in eight takes four times as long. */
const QUICK: Exercise = { slug: 'quick', ms: draw => 100 + 200 * draw }
const UNEVEN: Exercise = { slug: 'uneven', ms: draw => (draw > 0.875 ? 2000 : 500) }
const SLOW: Exercise = { slug: 'slow', ms: draw => 1500 + 1000 * draw }

const COURSES: Record<string, (planned: Planned) => Exercise> = {
  'exercises alike': ({ draw }) => ((draw * 1000) % 2 < 1 ? QUICK : UNEVEN),
  'slow exercises in one group': ({ group, draw }) => (group === 'course-b' ? SLOW : (draw * 1000) % 2 < 1 ? QUICK : UNEVEN),
}

type Rush = { shape: Omit<RushShape, 'seed'>; seed: number; courses: string; flood?: RushShape['flood'] }

const rush = ({ shape, seed, courses, flood }: Rush) =>
  simulate({
    plan: planRush({ ...shape, seed, ...(flood && { flood }) }),
    exerciseOf: COURSES[courses]!,
    exercises: [QUICK, UNEVEN, SLOW],
    slots: SLOTS,
  })

describe.each(Object.keys(COURSES))('a rush, %s', courses => {
  describe.each([1, 2])('seed %i', seed => {
    const given = { shape: SMALL, seed, courses }
    const flood = { submissions: 90, atMs: 6_000 }
    let plainly: Promise<Simulated> | undefined
    const plain = () => (plainly ??= rush(given))

    test('all are graded, each once, and no place stays empty while somebody waits', async () => {
      const { graded, gradedTwice, idled } = await plain()
      expect({ graded: graded.length, gradedTwice, idled }).toEqual({ graded: SMALL.submissions, gradedTwice: 0, idled: 0 })
    })

    test('who waits is told what comes', async () => expectTrue(await plain()))

    test.each(['course-a', 'course-c'] as const)('flooded by one owner of %s: nobody else waits much longer', async group => {
      const owner = ownersOf(SMALL.owners)[group][0]!
      const flooded = await rush({ ...given, flood: { ...flood, owner } })
      const all = { graded: SMALL.submissions + flood.submissions, gradedTwice: 0, idled: 0 }
      expect({ ...flooded, graded: flooded.graded.length }).toMatchObject(all)
      expectFair(await plain(), flooded, each => each.owner !== owner)
      expectTrue(flooded)
    })
  })

  test('of three whole courses, flooded by all of a small one: the others hardly notice', async () => {
    const given = { shape: WHOLE, seed: 4, courses }
    const [plain, flooded] = [await rush(given), await rush({ ...given, flood: { group: 'course-c', submissions: 180, atMs: 12_000 } })]
    expectFair(plain, flooded, each => each.group !== 'course-c')
    expectTrue(flooded)
  })
})

function expectFair(plain: Simulated, flooded: Simulated, isOther: (each: Simulated['graded'][number]) => boolean): void {
  const ratios = waitRatios(plain.graded, flooded.graded.filter(isOther), UNFELT_MS).map(each => each.ratio)
  expect(quantile(ratios, 0.95)).toBeLessThanOrEqual(1.5)
}

/** Medians. A wait is told in whole seconds, so of short ones nothing is asked. */
function expectTrue({ samples }: Simulated): void {
  const long = samples.filter(({ came }) => came.waitMs >= TOLD_FROM_MS)
  expect(long.length).toBeGreaterThan(50)
  expect(median(samples.map(({ said, came }) => relativeError(said.position, came.position)))).toBeLessThanOrEqual(0.2)
  expect(median(long.map(({ said, came }) => relativeError(said.estimatedWaitSeconds! * 1000, came.waitMs)))).toBeLessThanOrEqual(0.2)
}
