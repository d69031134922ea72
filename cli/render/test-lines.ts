import type { TestStatus } from '../../core/report.ts'
import type { TestView } from '../../core/report-view.ts'
import { cleanLine, cleanText } from './clean.ts'
import { rowsDifferenceLines, schemaDifferenceLines } from './differences.ts'
import { visibleWidth, wrap, type Style } from './layout.ts'
import { paceLines } from './pace.ts'
import { planLines } from './plan.ts'
import { duration, points } from './quantities.ts'
import { queryCostLines } from './query-costs.ts'

const MARKS: Record<TestStatus, string> = { passed: '✓', failed: '✗', timed_out: '✗', not_run: '–' }
const LOG_LINES = 12
const INDENT = '      '

/** One line per test; after a failure what it said, the differences, the hint and the program's own output. */
export function testLines(test: TestView, style: Style): string[] {
  const { colours } = style
  const paint = test.status === 'passed' ? colours.green : test.status === 'not_run' ? colours.dim : colours.red
  const facts = [
    test.status === 'timed_out' ? 'time limit' : test.status === 'not_run' ? 'not run' : '',
    test.visibility !== 'visible' ? test.visibility.replace('_', ' ') : '',
    test.paces?.some(({ verdict }) => verdict === 'inconclusive') ? 'pace inconclusive' : '',
    test.points ? `${points(test.earned)}/${points(test.points)}` : '',
    test.durationMs !== undefined && test.status !== 'not_run' ? duration(test.durationMs) : '',
  ].filter(Boolean)
  const tail = facts.join(' · ')
  const room = style.width - 4 - visibleWidth(tail) - 2
  const name = nameOf(test)
  // Where name and facts don't share a line, the name is wrapped and the facts follow it.
  const head =
    visibleWidth(name) <= room
      ? [`${name}${' '.repeat(room - visibleWidth(name))}  ${colours.dim(tail)}`.trimEnd()]
      : [...wrap(name, { width: style.width - 4 }), colours.dim(tail)]
  const lines = head.map((line, at) => (at === 0 ? `  ${paint(MARKS[test.status])} ${line}` : `    ${line}`))
  if (test.status === 'failed' || test.status === 'timed_out') return [...lines, ...failureLines(test, style)]
  return [
    ...lines,
    ...(test.note ? wrap(cleanText(test.note), style, INDENT) : []),
    ...(test.paces ? paceLines(test.paces, style, INDENT) : []),
  ]
}

function failureLines(test: TestView, style: Style): string[] {
  const { colours } = style
  const lines: string[] = []
  const message = messageOf(test)
  if (message) lines.push(...wrap(message, style, INDENT))
  if (test.rows) lines.push(...rowsDifferenceLines(test.rows, style, INDENT))
  if (test.schema) lines.push(...schemaDifferenceLines(test.schema, style, INDENT))
  if (test.mistake) lines.push(...wrap(`What this looks like: ${cleanText(test.mistake.words)}`, style, INDENT, '  '))
  if (test.plan) lines.push(...planLines(test.plan, style, INDENT))
  if (test.paces) lines.push(...paceLines(test.paces, style, INDENT))
  if (test.queryCosts) lines.push(...queryCostLines(test.queryCosts, style, INDENT))
  if (test.hint) lines.push(...wrap(`Hint: ${cleanText(test.hint)}`, style, INDENT, '  ').map(line => colours.cyan(line)))
  if (test.log?.trim()) lines.push(...logLines(test.log, style))
  return lines
}

/** Where the differences themselves are shown, the message that sums them up makes room. */
function messageOf({ message = '', rows, schema }: TestView): string {
  if (rows) return ''
  const text = cleanText(message).trimEnd()
  return schema?.length ? text.split('\n')[0]! : text
}

function logLines(log: string, style: Style): string[] {
  const all = cleanText(log).trimEnd().split('\n')
  const shown = all.slice(-LOG_LINES)
  const title =
    all.length > shown.length ? `Output of the program, the last ${shown.length} of ${all.length} lines:` : 'Output of the program:'
  return [`${INDENT}${style.colours.dim(title)}`, ...shown.flatMap(line => wrap(line, style, `${INDENT}${style.colours.dim('│')} `))]
}

function nameOf(test: TestView): string {
  const id = test.id ? cleanLine(test.id) : ''
  if (test.name) return id ? `${cleanLine(test.name)} [${id}]` : cleanLine(test.name)
  const label = test.category ? `${cleanLine(test.category)} (hidden test)` : 'a hidden test'
  return id ? `${label} [${id}]` : label
}
