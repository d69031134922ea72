import { expect, test } from 'assay'

test('CANARY-NAME does it again, started anew', { id: 'canary-again', task: 'chore', points: 5, category: 'again' }, async ({ http }) => {
  expect((await http.get('/chore')).text).toBe('done')
})
