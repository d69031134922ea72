import { expect, random, test } from 'assay'

test('CANARY-NAME greets whoever comes', { id: 'canary-greets', task: 'greet', points: 6, category: 'greeting' }, async ({ http }) => {
  const name = `CANARY-REQUEST-${random.word()}`
  expect((await http.get(`/?name=${name}`, { headers: { 'x-visitor': 'CANARY-HEADER' } })).text).toBe(`Hello, ${name}!`)
})
