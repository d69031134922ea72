import { expect, random, test } from 'assay'

test('CANARY-NAME refuses nobody', { id: 'canary-refuses', task: 'refuse', points: 4, category: 'validation' }, async ({ http }) => {
  expect((await http.get(`/?name=&canary=CANARY-REQUEST-nobody-${random.word()}`)).status).toBe(422)
})
