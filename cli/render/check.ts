import { describeFinding } from '../../core/errors.ts'
import type { CheckedExercise } from '../check/check-exercise.ts'
import { cleanLine, cleanText } from './clean.ts'
import { table, wrap, type Style } from './layout.ts'
import { mutantLines } from './mutants.ts'
import { count, duration, points } from './quantities.ts'

export function findingsOf(exercise: CheckedExercise): CheckedExercise['findings'] {
  return [...exercise.findings, ...exercise.samples.flatMap(sample => sample.findings)]
}

/** What was found of each exercise: a table of its samples and every finding; the sum in the last line. */
export function checkLines(exercises: readonly CheckedExercise[], style: Style): string[] {
  const { colours } = style
  const lines = exercises.flatMap(exercise => [...exerciseLines(exercise, style), ''])
  const findings = exercises.flatMap(findingsOf).length
  const samples = exercises.flatMap(exercise => exercise.samples).length
  const sum = `${count(exercises.length, 'exercise')}, ${count(samples, 'submission')} graded: `
  return [
    ...lines,
    findings === 0 ? `${colours.green('✓')} ${sum}all as labelled.` : `${colours.red('✗')} ${sum}${count(findings, 'finding')}.`,
  ]
}

function exerciseLines(exercise: CheckedExercise, style: Style): string[] {
  const { colours } = style
  const findings = findingsOf(exercise)
  const mark = findings.length === 0 ? colours.green('✓') : colours.red('✗')
  const { tests } = exercise
  const facts = [
    exercise.kind,
    tests && `${count(tests.total, 'test')} (${tests.hidden} hidden), ${count(tests.points, 'point')}`,
    exercise.version && `version ${exercise.version.slice(0, 12)}`,
  ].filter(Boolean)
  const rows = exercise.samples.map(({ sample, expected, outcome, score, failed, gradeMs, findings: own }) => [
    own.length === 0 ? '✓' : '✗',
    cleanLine(sample),
    expected,
    outcome,
    `${points(score.earned)}/${points(score.possible)}`,
    String(failed.length),
    duration(gradeMs),
  ])
  return [
    ...wrap(
      `${mark} ${colours.bold(cleanLine(exercise.slug ?? exercise.folder))}${facts.length > 0 ? ` · ${facts.join(' · ')}` : ''}`,
      style,
    ),
    ...(rows.length === 0
      ? []
      : table(
          [
            { title: '', paint: shown => (shown === '✓' ? colours.green(shown) : colours.red(shown)) },
            { title: 'Submission' },
            { title: 'Expected' },
            { title: 'Outcome' },
            { title: 'Score', align: 'right' },
            { title: 'Failed', align: 'right' },
            { title: 'Time', align: 'right' },
          ],
          rows,
          style,
        )),
    ...(exercise.mutants ? mutantLines(exercise.mutants, style) : []),
    ...findings.flatMap(finding => wrap(`${colours.red('✗')} ${cleanText(describeFinding(finding))}`, style, '  ', '  ')),
  ]
}
