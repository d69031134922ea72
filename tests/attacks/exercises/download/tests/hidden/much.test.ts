import { expect, test } from 'assay'

test('CANARY-NAME answers almost 8 MiB', { id: 'canary-large', task: 'large', points: 4, category: 'large' }, async ({ http }) => {
  for (const count of [1, 8 * 1024 ** 2 - 1024]) {
    const { text } = await http.get(`/bytes/${count}`)
    expect([text.length, text.replaceAll('a', '').length]).toEqual([count, 0])
  }
})

test('CANARY-NAME doubles a thousand numbers', { id: 'canary-small', task: 'small', points: 4, category: 'many' }, async ({ http }) => {
  for (let number = 0; number < 100; number++) expect((await http.get(`/double/${number}`)).text).toBe(String(2 * number))
  const numbers = Array.from({ length: 900 }, (_, number) => number)
  const answers = await Promise.all(numbers.map(async number => (await http.get(`/double/${number}`)).text))
  expect(answers).toEqual(numbers.map(number => String(2 * number)))
})
