import { expect, test } from 'assay'

test('says Ada three times', { id: 'words', task: 'words' }, async ({ http }) => {
  expect((await http.get('/words?of=ada')).text).toBe('ada ada ada')
})
