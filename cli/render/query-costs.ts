import type { QueryCost } from '../../core/query-cost.ts'
import { cleanText } from './clean.ts'
import { wrap, type Style } from './layout.ts'
import { count } from './quantities.ts'

/** What a failed test measured of the database's work, each measurement with the statements that were repeated in it. */
export function queryCostLines(costs: readonly QueryCost[], style: Style, indent: string): string[] {
  return costs.flatMap(({ statements, rows, repeated }, at) => {
    const which = costs.length > 1 ? `${at + 1}. ` : ''
    const total = `${which}The database counted ${count(statements, 'statement')}, ${count(rows, 'row')}${repeated.length > 0 ? '; more than once:' : '.'}`
    return [
      ...wrap(total, style, indent, '  '),
      ...repeated.flatMap(each => wrap(`${style.colours.bold(`${each.calls} ×`)} ${oneLine(each.text)}`, style, `${indent}  `, '    ')),
    ]
  })
}

function oneLine(statement: string): string {
  const text = cleanText(statement).replaceAll(/\s+/g, ' ').trim()
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}
