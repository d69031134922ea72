import { describe, expect, test } from 'vitest'
import { runInTest, testContext } from '../../../examiner/authoring/test-context.ts'
import { seededRandom, type Random } from '../../../examiner/authoring/seeded-random.ts'
import { random } from '../../../examiner/assay.ts'

/** Every function of `random`, drawn once. A new one that isn't here doesn't compile. */
const DRAWN: { [Name in keyof Random]: (random: Random) => unknown } = {
  integer: each => each.integer(0, 0xffff_ffff),
  boolean: each => Array.from({ length: 64 }, () => each.boolean()),
  pick: each => Array.from({ length: 64 }, () => each.pick(['a', 'b', 'c'])),
  sample: each => each.sample(HUNDRED, 20),
  shuffle: each => each.shuffle(HUNDRED),
  letters: each => each.letters(20),
  uuid: each => each.uuid(),
  unique: each => each.unique(() => each.letters(20)),
  word: each => each.word(8),
  words: each => each.words(9),
  text: each => each.text(40),
  givenName: each => Array.from({ length: 30 }, () => each.givenName()),
  familyName: each => Array.from({ length: 30 }, () => each.familyName()),
  name: each => Array.from({ length: 30 }, () => each.name()),
  email: each => each.email(),
  address: each => Array.from({ length: 9 }, () => each.address()),
  city: each => Array.from({ length: 30 }, () => each.city()),
  date: each => Array.from({ length: 9 }, () => each.date()),
  timestamp: each => each.timestamp(),
  money: each => each.money(-1_000_000, 1_000_000),
}
const HUNDRED = Array.from({ length: 100 }, (_, at) => at)
const names = Object.keys(DRAWN) as (keyof Random)[]
const some = <T>(count: number, draw: (random: Random) => T): T[] => {
  const each = seededRandom('some')
  return Array.from({ length: count }, () => draw(each))
}

describe.each(names)('random.%s', name => {
  const draw = (seed: number, id = 'a-test') => DRAWN[name](testContext(id, seed).random)

  test('is the same for the same seed and test, and another for another seed or test', () => {
    expect(draw(7)).toEqual(draw(7))
    expect(draw(8)).not.toEqual(draw(7))
    expect(draw(7, 'another-test')).not.toEqual(draw(7))
  })
})

test('every function is tried here', () => {
  expect(Object.keys(seededRandom('x')).toSorted()).toEqual(names.toSorted())
})

test('stays the same in later versions, so that an old grading can be repeated', () => {
  const each = seededRandom('1:golden')
  expect([
    each.integer(1, 6),
    each.word(),
    each.uuid(),
    each.name(),
    each.email(),
    each.address(),
    each.date(),
    each.money(1, 99),
    each.text(12),
  ]).toMatchInlineSnapshot(`
    [
      5,
      "gevini",
      "c8d2bf76-0e43-4762-8765-140533a59b1c",
      "Chloé Škoda",
      "vapu.zoba4786@modo.test",
      {
        "city": "München",
        "country": "Österreich",
        "postcode": "96060",
        "street": "Rue de l’Église 197a",
      },
      "2028-01-31",
      "29.69",
      ",!<tesèvo한e+",
    ]
  `)
})

test('in a test draws from its grading, and outside says why not', async () => {
  const inTest = await runInTest(testContext('a-test', 7), async () => random.words(3))
  expect(inTest).toBe(testContext('a-test', 7).random.words(3))
  expect(() => random.words(3)).toThrow('inside a test only')
})

test('numbers, picks and orders stay in their bounds', () => {
  expect(new Set(some(500, each => each.integer(1, 6)))).toEqual(new Set([1, 2, 3, 4, 5, 6]))
  expect(new Set(some(500, each => each.pick(['a', 'b'])))).toEqual(new Set(['a', 'b']))
  expect(some(1, each => each.shuffle(HUNDRED))[0]!.toSorted((one, other) => one - other)).toEqual(HUNDRED)
  expect(some(200, each => new Set(each.sample(HUNDRED, 9)).size)).toEqual(Array.from({ length: 200 }, () => 9))
  const often = some(2000, each => each.boolean(0.9)).filter(Boolean).length
  expect(often).toBeGreaterThan(1700)
  expect(often).toBeLessThan(1950)
})

test.each<[string, (each: Random) => unknown, string]>([
  ['a range the wrong way round', each => each.integer(2, 1), 'the smaller first'],
  ['nothing to pick from', each => each.pick([]), 'at least one item'],
  ['a sample larger than the whole', each => each.sample([1, 2], 3), 'at most 2'],
  ['more unique values than there are', each => [1, 2, 3].map(() => each.unique(() => each.pick(['a', 'b']))), 'draw from more'],
  ['a day that is none', each => each.date('1.3.2024', '2024-03-02'), 'YYYY-MM-DD'],
])('refuses %s', (_, draw, words) => {
  expect(() => draw(seededRandom('x'))).toThrow(words)
})

test('unique values are never drawn twice', () => {
  const each = seededRandom('x')
  const numbers = Array.from({ length: 100 }, () => each.unique(() => each.integer(1, 100)))
  expect(new Set(numbers).size).toBe(100)
})

test('people, places and times look like what they are', () => {
  for (const name of some(300, each => each.name())) expect(name).toMatch(/^\S.* .*\S$/u)
  for (const email of some(300, each => each.email())) expect(email).toMatch(/^[a-z]+\.[a-z]+\d+@[a-z]+\.(example|test)$/)
  for (const { street, postcode, city, country } of some(300, each => each.address())) {
    expect(street).toMatch(/ \d+[abc]?$/)
    expect(postcode).toMatch(/^\d{5}$/)
    expect([city, country].every(word => word.length > 1)).toBe(true)
  }
  for (const day of some(300, each => each.date('2024-02-27', '2024-03-02'))) {
    expect(['2024-02-27', '2024-02-28', '2024-02-29', '2024-03-01', '2024-03-02']).toContain(day)
  }
  for (const moment of some(300, each => each.timestamp('2024-02-29', '2024-02-29'))) {
    expect(moment).toMatch(/^2024-02-29T\d\d:\d\d:\d\d\.\d{3}Z$/)
  }
  for (const amount of some(300, each => each.money(-2, 2))) {
    expect(amount).toMatch(/^-?\d\.\d\d$/)
    expect(Math.abs(Number(amount))).toBeLessThanOrEqual(2)
  }
})

test('names and texts need more than ASCII, quotes among them, and have the length asked for', () => {
  const drawn = some(300, each => each.name()).join('\n')
  for (const character of ['ß', 'Ł', 'é', "'", '-', 'л', '辺']) expect(drawn).toContain(character)
  const texts = some(300, each => each.text(30))
  for (const text of texts) {
    expect(Array.from(text)).toHaveLength(30)
    expect(text.trim()).toBe(text)
    expect(text.isWellFormed()).toBe(true)
  }
  for (const character of ["'", '"', '\\', '%', 'ß', '👋', '漢']) expect(texts.join('')).toContain(character)
})
