import { expect, random, test } from 'assay'

test('CANARY-NAME greets whoever comes', { id: 'canary-greets', task: 'greet', points: 6, category: 'greeting' }, async ({ http }) => {
  // More than one: a program that is right for its first visitors only is not right.
  for (let visitor = 0; visitor < 4; visitor++) {
    const name = `CANARY-REQUEST-${random.unique(random.word)}`
    expect((await http.get(`/?name=${name}`, { headers: { 'x-visitor': 'CANARY-HEADER' } })).text).toBe(`Hello, ${name}!`)
  }
})
