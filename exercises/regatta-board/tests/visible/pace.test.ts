import { test } from 'assay'
import { drawResults, fill, lookUp, standings } from '../regatta.ts'

test(
  'looks up one of 4,000 boats',
  {
    id: 'quick-lookup',
    task: 'pace',
    hint: 'Results come seldom, lookups often: what order the boats are in can be worked out when results come, and a sorted list needs not be read from end to end.',
  },
  async ({ pace }) => {
    const results = drawResults(4_000)
    const board = standings(results)
    await pace.compare(http => lookUp(http, board, 8), { factor: 4, prepare: http => fill(http, results) })
  },
)
