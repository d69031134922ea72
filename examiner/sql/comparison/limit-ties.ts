import type { Matcher, Row } from './match-rows.ts'
import { topLevelTokens } from '../tokens.ts'

/*
 * Where LIMIT or OFFSET cuts through rows that tie under ORDER BY, which of them are given is the server's whim: any of them are
 * right, as many as the reference gives.
 */
export type Choice = {
  /** Places of the expected rows, `to` not included, that all have the same sort keys. */
  from: number
  to: number
  /** All rows with these keys, more than there are places. */
  pool: readonly Row[]
}

/** The text of a query without what cuts its rows; undefined where nothing does. Only for texts that the grammar has accepted. */
export function withoutLimit(text: string): string | undefined {
  const tokens = topLevelTokens(text)
  const sort = tokens.findLastIndex((token, at) => token.word === 'ORDER' && tokens[at + 1]?.word === 'BY')
  const cut = tokens.findIndex(({ word }, at) => at > sort && CUTS.has(word))
  return sort === -1 || cut === -1 ? undefined : text.slice(0, tokens[cut]!.from)
}

const CUTS = new Set(['LIMIT', 'OFFSET', 'FETCH'])

/** The choices at both ends of the rows that are left; keys are compared as they stand. */
export function choicesOf(keys: readonly Row[], all: readonly { row: Row; key: Row }[]): Choice[] {
  if (keys.length === 0) return []
  const forms = keys.map(key => JSON.stringify(key))
  const pools = Map.groupBy(all, ({ key }) => JSON.stringify(key))
  const choiceAt = (from: number, to: number): Choice => ({ from, to, pool: (pools.get(forms[from]!) ?? []).map(({ row }) => row) })
  const firstEnd = forms.findIndex(form => form !== forms[0])
  const lastStart = forms.findLastIndex(form => form !== forms.at(-1)) + 1
  const ends = firstEnd === -1 ? [choiceAt(0, forms.length)] : [choiceAt(0, firstEnd), choiceAt(lastStart, forms.length)]
  return ends.filter(({ from, to, pool }) => pool.length > to - from)
}

/** The expected rows, with those of the choices that the answer has made. */
export function settle(expected: readonly Row[], choices: readonly Choice[], actual: readonly Row[], matcher: Matcher): readonly Row[] {
  if (choices.length === 0) return expected
  const rows = [...expected]
  const fixed = expected.filter((_, at) => !choices.some(({ from, to }) => at >= from && at < to))
  let left = at(actual, matcher.match(fixed, actual).extra)
  for (const { from, to, pool } of choices) {
    const { missing, extra } = matcher.match(pool, left)
    const notTaken = new Set(missing)
    const taken = pool.filter((_, index) => !notTaken.has(index)).slice(0, to - from)
    const own = expected.slice(from, to)
    // What the answer leaves open is as the reference has it.
    const others = at(own, matcher.match(own, taken).missing)
    rows.splice(from, to - from, ...[...taken, ...others].slice(0, to - from))
    left = at(left, extra)
  }
  return rows
}

function at(rows: readonly Row[], indexes: readonly number[]): Row[] {
  return indexes.map(index => rows[index]!)
}
