import { expect, test } from 'assay'

test('answers 1000 bytes', { id: 'thousand', task: 'large', hint: 'How many bytes came?' }, async ({ http }) => {
  expect((await http.get('/bytes/1000')).text).toBe('a'.repeat(1000))
})

test('doubles 21', { id: 'doubles', task: 'small', hint: 'Twice 21.' }, async ({ http }) => {
  expect((await http.get('/double/21')).text).toBe('42')
})
