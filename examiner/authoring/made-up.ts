import type { Draw } from './draw.ts'
import { CITIES, COUNTRIES, FAMILY_NAMES, GIVEN_NAMES, STREETS, TEXT_PARTS } from './made-up-words.ts'

/** Data as people enter it. None of it belongs to anybody: addresses of mail end in domains that are kept free for examples. */
export type MadeUp = {
  /** A made-up word of `syllables` syllables, such as "tavone". */
  word: (syllables?: number) => string
  /** So many words with a space between. */
  words: (count: number) => string
  /** `length` characters (code points) of many scripts, accents, quotes, signs and emoji; never a space at either end. */
  text: (length: number) => string
  /** Such as "Zoë", "Łukasz" or "Ольга": not all letters are English, and some names have two parts. */
  givenName: () => string
  familyName: () => string
  /** A given name and a family name. */
  name: () => string
  /** Lower-case ASCII, such as "rilo.kane42@tavo.example". */
  email: () => string
  address: () => Address
  city: () => string
  /** A calendar day as YYYY-MM-DD, from `first` to `last`, both included; by default of the years 2020 to 2029. */
  date: (first?: string, last?: string) => string
  /** A moment of such a day, as "2024-03-09T17:04:59.021Z". */
  timestamp: (first?: string, last?: string) => string
  /** An amount with two digits behind the point, as text that no binary fraction has rounded: "12.50". */
  money: (min: number, max: number) => string
}

export type Address = { street: string; postcode: string; city: string; country: string }

const DAY_MS = 86_400_000

export function madeUp({ integer, pick, boolean }: Draw): MadeUp {
  const character = (text: string) => text.charAt(integer(0, text.length - 1))
  const word = (syllables = 3) => Array.from({ length: syllables }, () => character('bdfgklmnprstvz') + character('aeiou')).join('')
  const times = <T>(length: number, make: () => T) => Array.from({ length }, make)
  const givenName = () => pick(GIVEN_NAMES)
  const familyName = () => (boolean(0.15) ? `${pick(FAMILY_NAMES)}-${pick(FAMILY_NAMES)}` : pick(FAMILY_NAMES))
  const city = () => pick(CITIES)
  const dayFrom = (first: string, last: string) => {
    const [from, to] = [dayNumber(first), dayNumber(last)]
    return new Date(integer(from, to) * DAY_MS)
  }
  const date = (first = '2020-01-01', last = '2029-12-31') => dayFrom(first, last).toISOString().slice(0, 10)
  return {
    word,
    words: count => times(count, () => word(integer(1, 4))).join(' '),
    text: length => {
      const inside = times(length, () => pick(TEXT_PARTS))
      // What trims its input would otherwise be told apart from what doesn't by chance only.
      return inside.map((part, at) => (part === ' ' && (at === 0 || at === length - 1) ? character('äßñø') : part)).join('')
    },
    givenName,
    familyName,
    name: () => `${givenName()} ${familyName()}`,
    email: () => `${word(2)}.${word(2)}${integer(1, 9999)}@${word(integer(2, 3))}.${pick(['example', 'test'])}`,
    address: () => ({
      street: `${pick(STREETS)} ${integer(1, 199)}${boolean(0.2) ? character('abc') : ''}`,
      // Some begin with a zero: a postcode is no number.
      postcode: String(integer(0, 99_999)).padStart(5, '0'),
      city: city(),
      country: pick(COUNTRIES),
    }),
    city,
    date,
    timestamp: (first, last) => new Date(Date.parse(date(first, last)) + integer(0, DAY_MS - 1)).toISOString(),
    money: (min, max) => {
      const cents = integer(Math.round(min * 100), Math.round(max * 100))
      const digits = String(Math.abs(cents)).padStart(3, '0')
      return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
    },
  }
}

function dayNumber(day: string): number {
  const ms = Date.parse(`${day}T00:00:00Z`)
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || Number.isNaN(ms)) throw new RangeError(`expected a day as YYYY-MM-DD, got ${JSON.stringify(day)}`)
  return ms / DAY_MS
}
