import { expect, random, test } from 'assay'

test('CANARY-NAME says a word three times', { id: 'canary-words', task: 'words', points: 3, category: 'words' }, async ({ http }) => {
  const word = random.letters(8)
  const { text } = await http.get(`/words?of=${word}`, { headers: { 'x-visitor': 'CANARY-HEADER' } })
  // Written as authors write it: for words it is quick, and for what has none it takes longer than the sun will shine.
  expect(text).toMatch(/^(\w+\s?)+$/)
  expect(text).toBe(`${word} ${word} ${word}`)
})
