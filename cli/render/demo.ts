import type { Outcome } from '../../core/outcome.ts'
import type { DemoRow } from '../demo/run-sample.ts'
import { cleanLine, cleanText } from './clean.ts'
import { table, wrap, type Style } from './layout.ts'
import { outcomeColour } from './outcome-words.ts'
import { count, points } from './quantities.ts'

/** The demonstration's table, and in the last line whether every submission ended as its sample is labelled. */
export function demoLines(rows: readonly DemoRow[], style: Style): string[] {
  const { colours } = style
  const off = rows.filter(row => row.findings.length > 0)
  return [
    ...table(
      [
        { title: 'Exercise' },
        { title: 'Kind' },
        { title: 'Runtime' },
        { title: 'Submission' },
        { title: 'Expected' },
        { title: 'Outcome', paint: (shown, outcome) => outcomeColour(outcome as Outcome, colours)(shown) },
        { title: 'Score', align: 'right' },
        { title: 'Tests', align: 'right' },
        { title: 'Queue ms', align: 'right' },
        { title: 'Grade ms', align: 'right' },
      ],
      rows.map(row => [
        cleanLine(row.exercise),
        row.kind,
        row.runtime,
        // The outcome's folder stands in the next column already.
        cleanLine(row.sample.split('/').at(-1)!),
        row.expected,
        row.outcome,
        `${points(row.score.earned)}/${points(row.score.possible)}`,
        `${row.tests.passed}/${row.tests.total}`,
        String(Math.round(row.queueMs)),
        String(Math.round(row.gradeMs)),
      ]),
      style,
      { indent: '' },
    ),
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
