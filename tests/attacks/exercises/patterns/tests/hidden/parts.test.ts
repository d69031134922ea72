import { expect, random, test } from 'assay'

const PARTS = Array.from({ length: 16 }, (_, part) => part)

test('CANARY-NAME answers many at once', { id: 'canary-parts', task: 'parts', points: 3, category: 'parts' }, async ({ http }) => {
  const word = random.letters(8)
  const answers = await Promise.allSettled(PARTS.map(part => http.get(`/parts/${part}?of=${word}`)))
  expect(answers.map(answer => (answer.status === 'fulfilled' ? answer.value.text : String(answer.reason)))).toEqual(
    PARTS.map(part => `${part} ${word}`),
  )
})
