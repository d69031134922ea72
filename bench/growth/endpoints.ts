import { OUTCOMES } from '../../core/outcome.ts'
import { SUBMISSION_STATES } from '../../core/submission.ts'
import { asWorker, heartbeat, type Ask, type Who } from './ask.ts'
import type { Chance } from './chance.ts'
import { GROUPS, groupOf, OWNERS, ownerName } from './history.ts'
import type { Known } from './known.ts'
import { fullReport } from './sample-content.ts'

/** `next`: what is asked each time, one after the other. `goal`: lists and reads are held to one; what is written waits for the disk, and is only shown. */
export type Endpoint = { name: string; goal: boolean; next: () => Ask[] }

/** Of the library: one that takes a query. */
const A_QUERY = 'free-nights'
const FILTERS = ['owner', 'group', 'exercise', 'state', 'outcome'] as const

/** Every list and read endpoint, the workers' among them, each asked for another thing each time. */
export function endpoints(known: Known, { learner, staff }: Who, chance: Chance): Endpoint[] {
  const one = <Item>(items: readonly Item[]): Item => items[chance.below(items.length)]!
  const admin = () => one(staff)
  const read = (name: string, next: () => Ask): Endpoint => ({ name, goal: true, next: () => [next()] })

  const values: Record<(typeof FILTERS)[number], () => string> = {
    owner: () => ownerName(chance.below(OWNERS)),
    group: () => groupOf(chance.below(GROUPS)),
    exercise: () => one(known.slugs),
    state: () => one(SUBMISSION_STATES),
    outcome: () => one(OUTCOMES),
  }
  const lists = subsets(FILTERS).flatMap(names =>
    (['first page', 'deep page'] as const).map(page =>
      read(`GET /submissions ${names.length > 0 ? `by ${names.join(', ')}` : 'of all'}, ${page}`, () => {
        const query = new URLSearchParams(names.map((name): [string, string] => [name, values[name]()]))
        // One that contradicts the other is answered without a look.
        if (query.has('state') && query.has('outcome')) query.set('state', query.get('outcome') === 'cancelled' ? 'cancelled' : 'finished')
        query.set('limit', '100')
        if (page === 'deep page') query.set('cursor', one(known.depths))
        return { path: `/api/v1/submissions?${query.toString()}`, as: admin() }
      }),
    ),
  )
  const submission = (id: string, rest = '') => `/api/v1/submissions/${id}${rest}`
  const testing = { type: 'progress', phase: 'testing' }
  return [
    ...lists,
    read('GET /submissions, of a learner with 20,000 of their own', () => ({ path: '/api/v1/submissions?state=running', as: learner })),
    read('GET /submissions/{id}, over', () => ({ path: submission(one(known.pruned)), as: admin() })),
    read('GET /submissions/{id}, waiting', () => ({ path: submission(one(known.waiting).id), as: admin() })),
    read('GET …/report', () => ({ path: submission(one(known.whole), '/report'), as: admin() })),
    read('GET …/report, of long ago', () => ({ path: submission(one(known.pruned), '/report'), as: admin() })),
    read('GET …/files', () => ({ path: submission(one(known.whole), '/files'), as: admin() })),
    read('GET …/files, pruned', () => ({ path: submission(one(known.pruned), '/files'), as: admin(), expect: 410 })),
    read('GET …/gradings', () => ({ path: submission(one(known.pruned), '/gradings'), as: admin() })),
    read('GET …/events, from the first to the end', () => ({ path: submission(one(known.whole), '/events'), as: admin() })),
    read('GET …/events, pruned', () => ({ path: submission(one(known.pruned), '/events'), as: admin(), expect: 204 })),
    read('GET /exercises', () => ({ path: '/api/v1/exercises' })),
    read('GET /exercises/{slug}', () => ({ path: `/api/v1/exercises/${one(known.slugs)}`, as: admin() })),
    read('GET /metrics', () => ({ path: '/metrics', as: admin() })),
    read('GET /readyz', () => ({ path: '/readyz' })),
    read('GET /livez', () => ({ path: '/livez' })),
    read('GET /internal exercises', () => asWorker('/exercises')),
    read('GET /internal bundles/{version}', () => asWorker(`/bundles/${one(known.versions)}`)),
    {
      name: 'POST /submissions',
      goal: false,
      next: () => [
        {
          path: '/api/v1/submissions',
          method: 'POST',
          as: admin(),
          expect: 202,
          body: { exercise: known.slugs.find(slug => slug.startsWith(A_QUERY)), files: { 'query.sql': 'select 1' } },
        },
      ],
    },
    { name: 'POST /internal heartbeat', goal: false, next: () => [heartbeat()] },
    {
      name: 'POST /internal claim, events, report',
      goal: false,
      next: () => {
        const { gradingId, slug, version, mode } = known.waiting.pop()!
        const report = fullReport({ slug, version, seed: 1, mode, outcome: 'accepted' })
        return [
          { name: 'POST /internal claim', ...asWorker(`/gradings/${gradingId}/claim`, { workerId: 'bench' }) },
          { name: 'POST /internal events', ...asWorker(`/gradings/${gradingId}/events`, { token: 1, events: [testing] }, 204) },
          { name: 'POST /internal report', ...asWorker(`/gradings/${gradingId}/report`, { token: 1, report }, 204) },
        ]
      },
    },
  ]
}

function subsets<Item>(items: readonly Item[]): Item[][] {
  return items.reduce<Item[][]>((sets, item) => [...sets, ...sets.map(set => [...set, item])], [[]])
}
