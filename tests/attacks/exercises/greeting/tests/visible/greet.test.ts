import { expect, test } from 'assay'

test('greets Ada', { id: 'greets', task: 'greet', hint: 'Look at the name.' }, async ({ http }) => {
  expect((await http.get('/?name=Ada')).text).toBe('Hello, Ada!')
})
