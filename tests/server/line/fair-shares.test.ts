import { expect, test } from 'vitest'
import { FairShares, type Costed } from '../../../server/store/fair-shares.ts'

/** "1:ada@one" is grading 1 of ada in group one, "1:ada@one=3" costs three times as much as others; "regrade" after a space makes it one. */
function line(text: string): Costed[] {
  return text
    .split(',')
    .map(each => each.trim())
    .filter(each => each !== '')
    .map(each => {
      const [, gradingId, owner, group, cost = '1', regrade] = /^(\w+):(\w+)@(\w+)(?:=(\d+))?( regrade)?$/.exec(each)!
      return { gradingId: gradingId!, owner: owner!, group: group!, costMs: 1000 * Number(cost), behind: regrade !== undefined }
    })
}

const ownersOf = (waiting: readonly Costed[], group: string) =>
  new Set(waiting.filter(each => each.group === group).map(each => each.owner)).size

test.each([
  { name: 'nothing waits', waiting: '', order: '' },
  { name: 'one owner: in the order of coming', waiting: '1:ada@one, 2:ada@one, 3:ada@one', order: '1 2 3' },
  { name: 'owners take turns', waiting: '1:ada@one, 2:ada@one, 3:ada@one, 4:bob@one', order: '1 4 2 3' },
  {
    name: 'a small group needn’t wait until a big one was served',
    waiting: '1:ada@one, 2:bob@one, 3:cy@one, 4:dot@two, 5:eve@two',
    order: '1 4 2 5 3',
  },
  {
    name: 'one owner who floods a group has the share of one, not of a group',
    waiting: '1:ada@one, 2:bob@one, 3:cy@one, 4:dot@one, 5:eve@one, 6:fay@two, 7:fay@two, 8:fay@two',
    order: '1 6 2 3 7 4 8 5',
  },
  { name: 'the same name in two groups is two owners', waiting: '1:ada@one, 2:ada@one, 3:ada@two', order: '1 3 2' },
  {
    name: 'a slow exercise takes its turns for longer',
    waiting: '1:ada@one=3, 2:ada@one=3, 3:bob@one, 4:bob@one, 5:bob@one',
    order: '1 3 4 5 2',
  },
  { name: 'regrades only when no learner waits', waiting: '1:ada@one regrade, 2:bob@two regrade, 3:ada@one, 4:ada@one', order: '3 4 2 1' },
])('$name', ({ waiting, order }) => {
  const ids = [...new FairShares().order(line(waiting))].map(each => each.gradingId)
  expect(ids.join(' ')).toBe(order)
})

/** Serves one at a time until nothing waits; `served` hears of each. */
function drain(shares: FairShares, waiting: Costed[], served: (grading: Costed) => void): void {
  for (;;) {
    const [next] = shares.order(waiting)
    if (!next) return
    shares.charge(next, ownersOf(waiting, next.group))
    waiting.splice(waiting.indexOf(next), 1)
    served(next)
  }
}

test('served one at a time they come as was foretold', () => {
  const waiting = line(
    '1:ada@one, 2:ada@one=2, 3:ada@one, 4:bob@two, 5:cy@two, 6:bob@two=3, 7:dot@three, 8:dot@three regrade, 9:eve@one, 10:eve@one',
  )
  const shares = new FairShares()
  const foretold = [...shares.order(waiting)].map(each => each.gradingId)
  const order: string[] = []
  drain(shares, waiting, each => order.push(each.gradingId))
  expect(order).toEqual(foretold)
})

test('who was away begins where the others stand, without what they might have had', () => {
  const shares = new FairShares()
  drain(shares, line(Array.from({ length: 20 }, (_, n) => `${n}:ada@one`).join()), () => {})
  const ids = [...shares.order(line('31:ada@one, 32:ada@one, 33:ada@one, 41:bob@two, 42:bob@two, 43:bob@two'))].map(each => each.gradingId)
  expect(ids.slice(1).join(' ')).toBe('31 42 32 43 33')
})

test('what runs long is paid by who handed it in', () => {
  const shares = new FairShares()
  const waiting = line('1:ada@one, 2:ada@one, 3:bob@one, 4:bob@one, 5:bob@one, 6:bob@one')
  const [endless] = shares.order(waiting)
  shares.charge(endless!, 2)
  shares.ran('1', 3500)
  expect([...shares.order(waiting.slice(1))].map(each => each.gradingId).join(' ')).toBe('3 4 5 6 2')
})

test('what didn’t get its place costs nothing', () => {
  const shares = new FairShares()
  const waiting = line('1:ada@one, 2:ada@one, 3:bob@one')
  shares.charge(waiting[0]!, 2)
  shares.refund('1')
  expect([...shares.order(waiting)].map(each => each.gradingId).join(' ')).toBe('1 3 2')
})

test('looking alone notes nothing', () => {
  const shares = new FairShares()
  const waiting = line('1:ada@one, 2:ada@one, 3:bob@one')
  const once = [...shares.order(waiting)]
  expect([...shares.order(waiting)]).toEqual(once)
})
