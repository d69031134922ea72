import type { A_Const } from 'libpg-query'
import { printed } from './print.ts'
import type { Family } from './rule.ts'

/** Where a number is a place (ORDER BY 1) or how many rows are taken, another one is no slip at a boundary. */
const NO_BOUNDARY = new Set(['sortClause', 'groupClause', 'distinctClause', 'limitOffset'])

/** The values just beside a constant: of a bound a slip that many make, elsewhere (one decimal for two) another number. */
export const CONSTANTS: Family = {
  A_Const(constant, { way, whole, location, compared }) {
    const place = way.some(field => NO_BOUNDARY.has(field)) && !way.includes('args')
    if (place) return []
    return neighbours(constant).map(({ words, ...value }) => {
      const { ival: _i, fval: _f, sval: _s, ...rest } = constant
      return {
        rule: compared ? 'constant-boundary' : 'constant-elsewhere',
        words: `${words} instead of ${printed(whole)}`,
        old: constant,
        by: { ...rest, ...value },
        at: location,
      }
    })
  },
}

function neighbours({ ival, fval, sval }: A_Const): (A_Const & { words: string })[] {
  if (ival) return [-1, 1].map(step => integer((ival.ival ?? 0) + step))
  if (fval?.fval) return decimals(fval.fval).map(text => ({ words: text, fval: { fval: text } }))
  if (sval?.sval) return days(sval.sval).map(text => ({ words: `'${text}'`, sval: { sval: text } }))
  return []
}

/** The grammar's tree leaves a zero out. */
function integer(value: number) {
  return { words: String(value), ival: value === 0 ? {} : { ival: value } }
}

/** One less and one more in the last digit. */
function decimals(text: string): string[] {
  const [, whole, part] = /^(-?\d{1,12})\.(\d{1,9})$/.exec(text) ?? []
  if (whole === undefined || part === undefined) return []
  const scaled = BigInt(`${whole}${part}`)
  return [-1n, 1n].map(step => {
    const digits = String(scaled + step < 0n ? -(scaled + step) : scaled + step).padStart(part.length + 1, '0')
    return `${scaled + step < 0n ? '-' : ''}${digits.slice(0, -part.length)}.${digits.slice(-part.length)}`
  })
}

const DAY_MS = 24 * 60 * 60 * 1000

/** The day before and the day after a date, whatever time follows it. */
function days(text: string): string[] {
  const [, date, rest] = /^(\d{4}-\d{2}-\d{2})((?:[ T].*)?)$/.exec(text) ?? []
  const time = Date.parse(`${date}T00:00:00Z`)
  if (Number.isNaN(time)) return []
  return [-DAY_MS, DAY_MS].map(step => `${new Date(time + step).toISOString().slice(0, 10)}${rest}`)
}
