import { expect, test } from 'assay'

test('does its chore', { id: 'chore', task: 'chore', hint: 'The log says what went wrong.' }, async ({ http }) => {
  expect((await http.get('/chore')).text).toBe('done')
})
