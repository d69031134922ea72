import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { mutated, mutatedText } from './mutate.ts'
import { TARGETS } from './targets.ts'

/* A few hundred cases of each, at random; `npm run fuzz` tries ten thousand and watches memory and time. */
test.each(TARGETS.map(target => [target.name, target] as const))('%s', async (_, { cases, read, close }) => {
  try {
    await fc.assert(
      fc.asyncProperty(cases, async value => read(value)),
      { numRuns: 300 },
    )
  } finally {
    await close?.()
  }
})

test('what is let at the readers is near the seed, and differs from it', () => {
  const seed = Buffer.from('{"hello":"you"}')
  const bytes = fc.sample(mutated([seed]), 200)
  expect(bytes.some(each => each.equals(seed))).toBe(true)
  expect(bytes.filter(each => !each.equals(seed)).length).toBeGreaterThan(100)
  const texts = fc.sample(mutatedText(['hello: you'], ['&a']), 200)
  expect(texts.some(text => text.includes('&a') && text.includes('hel'))).toBe(true)
})
