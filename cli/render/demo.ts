import type { Outcome } from '../../core/outcome.ts'
import type { DemoRow } from '../demo/run-sample.ts'
import { cleanLine, cleanText } from './clean.ts'
import { table, tableFits, wrap, type Column, type Style } from './layout.ts'
import { outcomeColour } from './outcome-words.ts'
import { count, points } from './quantities.ts'

/** The demonstration's table, and in the last line whether every submission ended as its sample is labelled. */
export function demoLines(rows: readonly DemoRow[], style: Style): string[] {
  const { colours } = style
  const off = rows.filter(row => row.findings.length > 0)
  return [
    ...demoTable(rows, style),
    '',
    ...off.flatMap(row =>
      wrap(
        `${colours.red('✗')} ${cleanLine(row.exercise)} ${cleanLine(row.sample)}: ${cleanText(row.findings.join('; '))}`,
        style,
        '',
        '  ',
      ),
    ),
    off.length === 0
      ? `${colours.green('✓')} ${count(rows.length, 'submission')}, all graded as labelled.`
      : `${colours.red('✗')} ${off.length} of ${count(rows.length, 'submission')} not as labelled.`,
  ]
}

/** One table where there is room; else one of each exercise, with what its rows have in common in a line above it. */
function demoTable(rows: readonly DemoRow[], style: Style): string[] {
  const { colours } = style
  const common: Column[] = [{ title: 'Exercise' }, { title: 'Kind' }, { title: 'Runtime' }]
  const own: Column[] = [
    { title: 'Submission' },
    { title: 'Expected' },
    { title: 'Outcome', paint: (shown, outcome) => outcomeColour(outcome as Outcome, colours)(shown) },
    { title: 'Score', align: 'right' },
    { title: 'Tests', align: 'right' },
    { title: 'Queue ms', align: 'right' },
    { title: 'Grade ms', align: 'right' },
  ]
  const flat = rows.map(row => [...commonCells(row), ...ownCells(row)])
  if (tableFits([...common, ...own], flat, style)) return table([...common, ...own], flat, style, { indent: '' })
  return [...Map.groupBy(rows, row => commonCells(row).join(' · '))].flatMap(([heading, group]) => [
    ...wrap(colours.bold(heading), style),
    ...table(own, group.map(ownCells), style, { wrapped: true }),
  ])
}

function commonCells({ exercise, kind, runtime }: DemoRow): string[] {
  return [cleanLine(exercise), kind, runtime]
}

function ownCells(row: DemoRow): string[] {
  return [
    // The outcome's folder stands in the next column already.
    cleanLine(row.sample.split('/').at(-1)!),
    row.expected,
    row.outcome,
    `${points(row.score.earned)}/${points(row.score.possible)}`,
    `${row.tests.passed}/${row.tests.total}`,
    String(Math.round(row.queueMs)),
    String(Math.round(row.gradeMs)),
  ]
}
