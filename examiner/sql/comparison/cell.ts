/*
 * When two cells are the same. Cells are the text that PostgreSQL sent, or null; what the text means follows from the
 * type of the *expected* column, so an integer may answer a numeric, but '007' never answers 7's text and NULL never ''.
 *
 * Every cell has an exact form: two cells with the same form are the same. Numbers that aren't whole also have an
 * approximate meaning, since 0.1 + 0.2 may be printed in two ways by two right queries.
 */
import { mapArray, sameArrays } from './array-cell.ts'

export type Cell = string | null

const INTEGERS = new Set([20, 21, 23, 26])
const FLOATS = new Set([700, 701])
const NUMERIC = 1700
const BPCHAR = 1042
const DATE = 1082
const TIMESTAMP = 1114
const TIMESTAMPTZ = 1184
const JSON_TEXT = 114
const JSONB = 3802
const INTERVAL = 1186
/** Arrays whose elements can be printed in more than one way. */
const ARRAYS = new Map<number, Family>([
  ...[1005, 1007, 1016, 1021, 1022, 1028, 1231].map((type): [number, Family] => [type, 'number']),
  ...[1115, 1182, 1185].map((type): [number, Family] => [type, 'moment']),
  ...[199, 3807].map((type): [number, Family] => [type, 'json']),
  [1014, 'padded'],
  [1187, 'interval'],
])

type Family = 'number' | 'moment' | 'interval' | 'json' | 'padded' | 'text'
export type ColumnFamily = Family | `${Family}[]`

export function familyOf(expectedType: number): ColumnFamily {
  const elements = ARRAYS.get(expectedType)
  if (elements) return `${elements}[]`
  if (INTEGERS.has(expectedType) || FLOATS.has(expectedType) || expectedType === NUMERIC) return 'number'
  if (expectedType === DATE || expectedType === TIMESTAMP || expectedType === TIMESTAMPTZ) return 'moment'
  if (expectedType === INTERVAL) return 'interval'
  if (expectedType === JSON_TEXT || expectedType === JSONB) return 'json'
  return expectedType === BPCHAR ? 'padded' : 'text'
}

/** The exact form of a cell, or null for NULL. */
export function exactForm(cell: Cell, family: ColumnFamily): Cell {
  if (cell === null) return null
  if (family.endsWith('[]')) return arrayForm(cell, family.slice(0, -2) as Family)
  if (family === 'number') return decimalForm(cell) ?? cell
  if (family === 'moment') return momentForm(cell) ?? cell
  if (family === 'interval') return intervalForm(cell) ?? cell
  if (family === 'json') return jsonForm(cell)
  return family === 'padded' ? withoutLast(cell, ' ') : cell
}

/**
 * Whether two cells of a numeric column are the same within a relative tolerance. Whole numbers are never approximate:
 * 10000000001 is not 10000000002. Against zero there is no relation, so there the tolerance is absolute.
 */
export function nearlyEqual(expected: Cell, actual: Cell, tolerance: number): boolean {
  if (expected === null || actual === null || expected === actual) return expected === actual
  const [a, b] = [Number(expected), Number(actual)]
  const apart = Math.abs(a - b)
  const most = tolerance * (a === 0 || b === 0 ? 1 : Math.max(Math.abs(a), Math.abs(b)))
  // Most that are not near are told by this alone.
  if (apart > most) return false
  const [left, right] = [decimalForm(expected), decimalForm(actual)]
  if (left === undefined || right === undefined) return false
  if (left === right) return true
  return !(isWhole(left) && isWhole(right)) && Number.isFinite(apart) && apart <= most
}

/** The same of two arrays of numbers: of one shape, and each number near the one in its place. `allowance`: what may be looked at in vain. */
export function nearlyEqualArrays(expected: Cell, actual: Cell, tolerance: number, allowance: { numbers: number }): boolean {
  if (expected === null || actual === null) return expected === actual
  if (expected === actual) return true
  if (allowance.numbers <= 0) return false
  let looked = 0
  const near = sameArrays(expected, actual, (one, other) => ++looked > 0 && nearlyEqual(one, other, tolerance))
  if (!near) allowance.numbers -= looked
  return near
}

/** Of a cell: rows whose arrays differ behind these only are no further sorted. */
const MOST_SORTED_BY = 10_000

/** The numbers of a cell of numbers, to sort by: NULL and what is no number come first. */
export function numbersOf(cell: Cell, family: ColumnFamily): number[] {
  const texts = family === 'number[]' ? (cell ?? '').replaceAll(/[{}]/g, '').split(',', MOST_SORTED_BY) : [cell ?? 'NULL']
  return texts.map(text => {
    const number = Number(text)
    return Number.isNaN(number) ? -Infinity : number
  })
}

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?$/

/** A number as sign, digits without zeros at either end, and exponent: one form for 5, 5.00, 0.5e1; -0 is 0. */
function decimalForm(text: string): string | undefined {
  if (/^[+-]?(nan|inf(inity)?)$/i.test(text)) {
    if (/nan$/i.test(text)) return 'NaN'
    return text.startsWith('-') ? '-Infinity' : 'Infinity'
  }
  const match = DECIMAL.exec(text)
  if (!match || !(match[2] || match[3])) return undefined
  const fraction = match[3] ?? ''
  const digits = (match[2] + fraction).replace(/^0+/, '')
  const significant = withoutLast(digits, '0')
  if (significant === '') return '0'
  const exponent = Number(match[4] ?? 0) - fraction.length + (digits.length - significant.length)
  return `${match[1] === '-' ? '-' : ''}${significant}e${exponent}`
}

/** Not /0+$/, which takes the square of a run's length where something stands after it: a learner's cell may have megabytes. */
function withoutLast(text: string, character: string): string {
  let end = text.length
  while (end > 0 && text[end - 1] === character) end--
  return text.slice(0, end)
}

function isWhole(form: string): boolean {
  return form === '0' || /e\d+$/.test(form)
}

const MOMENT = /^(\d{4,7})-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?)?([+-]\d\d(?::\d\d){0,2})?( BC)?$/

/** A date or timestamp as microseconds of UTC; without an offset it is taken as UTC, to which sessions are pinned. */
function momentForm(text: string): string | undefined {
  if (text === 'infinity' || text === '-infinity') return text
  const match = MOMENT.exec(text)
  if (!match) return undefined
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', offset, bc] = match
  const moment = new Date(0)
  moment.setUTCFullYear(bc ? 1 - Number(year) : Number(year), Number(month) - 1, Number(day))
  moment.setUTCHours(Number(hour), Number(minute), Number(second))
  // Beyond the reach of JavaScript's dates (PostgreSQL's go on to 294276): its text stands for itself.
  if (Number.isNaN(moment.getTime())) return undefined
  const micros = BigInt(moment.getTime()) * 1000n + BigInt(fraction.padEnd(6, '0')) - offsetSeconds(offset) * 1_000_000n
  return `${micros}us`
}

function offsetSeconds(offset: string | undefined): bigint {
  if (!offset) return 0n
  const [hours = '0', minutes = '0', seconds = '0'] = offset.slice(1).split(':')
  const total = BigInt(hours) * 3600n + BigInt(minutes) * 60n + BigInt(seconds)
  return offset.startsWith('-') ? -total : total
}

const INTERVAL_PARTS =
  /^(?:([+-]?\d{1,12}) years? ?)?(?:([+-]?\d{1,12}) mons? ?)?(?:([+-]?\d{1,12}) days? ?)?(?:([+-]?)(\d{1,12}):(\d\d):(\d\d)(?:\.(\d{1,6}))?)?$/

/** An interval as microseconds. As PostgreSQL's own = has it, a day has 24 hours and a month 30 days. */
function intervalForm(text: string): string | undefined {
  const match = text === '' ? null : INTERVAL_PARTS.exec(text)
  if (!match) return undefined
  const [, years = '0', months = '0', days = '0', sign, hours = '0', minutes = '0', seconds = '0', fraction = ''] = match
  const time = (BigInt(hours) * 3600n + BigInt(minutes) * 60n + BigInt(seconds)) * 1_000_000n + BigInt(fraction.padEnd(6, '0'))
  const allDays = (BigInt(years) * 12n + BigInt(months)) * 30n + BigInt(days)
  return `${allDays * 86_400_000_000n + (sign === '-' ? -time : time)}us`
}

/** Longer cells are compared as they stand: taking them apart would take seconds. */
const MOST_TAKEN_APART = 500_000

function arrayForm(text: string, family: Family): string {
  if (text.length > MOST_TAKEN_APART) return text
  const elements = mapArray(text, element => exactForm(element, family))
  return elements ? JSON.stringify(elements) : text
}

/** JSON by value: the order of keys and white space don't matter. What can't be read, or nests too deep, stands for itself. */
function jsonForm(text: string): string {
  try {
    return JSON.stringify(canonical(JSON.parse(text, mayLoseDigits(text) ? exactNumber : undefined), 0))
  } catch {
    return text
  }
}

/** Of up to fifteen digits a number is exact in JavaScript, too. */
function mayLoseDigits(text: string): boolean {
  return text.length <= MOST_TAKEN_APART && /\d{16}|\.\d{15}|\d[eE]/.test(text)
}

/** A number of JSON that JavaScript would round, by its digits. */
class Digits {
  readonly form: string
  constructor(form: string) {
    this.form = form
  }
}

function exactNumber(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number') return value
  const form = decimalForm(context?.source ?? '')
  return form === undefined || form === decimalForm(String(value)) ? value : new Digits(form)
}

/** Texts get a mark before them, so that none is taken for a number. */
function canonical(value: unknown, depth: number): unknown {
  if (depth > 200) throw new RangeError('nested too deep')
  if (value instanceof Digits) return value.form
  if (typeof value === 'string') return `"${value}`
  if (Array.isArray(value)) return value.map(item => canonical(item, depth + 1))
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).map(([key, item]) => [key, canonical(item, depth + 1)] as const)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}
