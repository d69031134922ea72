import { expect, test } from 'vitest'
import { chooseFairly, serve, type LastServed } from '../../server/fair-choice.ts'
import type { InLine } from '../../server/store/store.ts'

/** "1:ada@one" is grading 1 of ada in group one; "regrade" after a space makes it one. */
function line(text: string): InLine[] {
  return text
    .split(',')
    .map(each => each.trim())
    .filter(each => each !== '')
    .map(each => {
      const [, gradingId, owner, group, regrade] = /^(\w+):(\w+)@(\w+)( regrade)?$/.exec(each)!
      return { gradingId: gradingId!, owner: owner!, group: group!, reason: regrade ? 'regrade' : 'first' }
    })
}

test.each([
  { name: 'nothing waits', waiting: '', inFlight: '', free: 3, chosen: '' },
  { name: 'no place is free', waiting: '1:ada@one', inFlight: '', free: 0, chosen: '' },
  { name: 'fewer wait than there are places', waiting: '1:ada@one', inFlight: '', free: 9, chosen: '1' },
  { name: 'one owner: in the order of coming', waiting: '1:ada@one, 2:ada@one, 3:ada@one', inFlight: '', free: 2, chosen: '1 2' },
  { name: 'owners take turns', waiting: '1:ada@one, 2:ada@one, 3:ada@one, 4:bob@one', inFlight: '', free: 3, chosen: '1 4 2' },
  {
    name: 'groups take turns, however many owners one of them has',
    waiting: '1:ada@one, 2:bob@one, 3:cy@one, 4:dot@two, 5:dot@two',
    inFlight: '',
    free: 4,
    chosen: '1 4 2 5',
  },
  { name: 'who has less in flight comes first', waiting: '1:ada@one, 2:bob@two', inFlight: '8:ada@one, 9:ada@one', free: 1, chosen: '2' },
  {
    name: 'within a group, who has less in flight',
    waiting: '1:ada@one, 2:bob@one',
    inFlight: '8:ada@one',
    free: 2,
    chosen: '2 1',
  },
  { name: 'the same name in two groups is two owners', waiting: '1:ada@one, 2:ada@two', inFlight: '9:ada@one', free: 2, chosen: '2 1' },
  {
    name: 'regrades only when no learner waits',
    waiting: '1:ada@one regrade, 2:bob@two regrade, 3:ada@one, 4:ada@one',
    inFlight: '',
    free: 3,
    chosen: '3 4 2',
  },
])('$name', ({ waiting, inFlight, free, chosen }) => {
  const ids = chooseFairly({ waiting: line(waiting), inFlight: line(inFlight) }, free, new Map()).map(each => each.gradingId)
  expect(ids.join(' ')).toBe(chosen)
})

test('a group that keeps the line full doesn’t starve the youngest of three', () => {
  const lastServed: LastServed = new Map()
  const order: string[] = []
  const waiting = line('1:ada@one, 2:ada@one, 3:ada@one, 4:bob@two, 5:bob@two, 6:bob@two, 7:cy@three, 8:cy@three')
  // One place that becomes free again each time.
  while (waiting.length > 0) {
    const [next] = chooseFairly({ waiting, inFlight: [] }, 1, lastServed)
    serve(lastServed, next!)
    waiting.splice(waiting.indexOf(next!), 1)
    order.push(next!.owner)
  }
  expect(order.join(' ')).toBe('ada bob cy ada bob cy ada bob')
})

test('choosing alone notes nothing', () => {
  const lastServed: LastServed = new Map()
  chooseFairly({ waiting: line('1:ada@one'), inFlight: [] }, 1, lastServed)
  expect(lastServed.size).toBe(0)
})
