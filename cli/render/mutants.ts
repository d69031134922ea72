import type { CheckedMutant } from '../../core/mutant-check.ts'
import type { CheckedMutants } from '../check/check-exercise.ts'
import { cleanLine } from './clean.ts'
import { wrap, type Style } from './layout.ts'
import { count } from './quantities.ts'

/** How an exercise's data sets did against mutants of its reference and accepted samples, and the data that would kill those that live. */
export function mutantLines({ check, reference, accepted, written }: CheckedMutants, style: Style): string[] {
  const { colours } = style
  const { run, killed, survivors, notToldApart, datasets, tries, cutShort } = check
  const shown = (mutant: CheckedMutant) => {
    const sample = mutant.sample === undefined ? undefined : accepted[mutant.sample]
    const { line, column } = placeOf(mutant, sample?.text ?? reference)
    return `${sample ? `${cleanLine(sample.path)} ` : ''}${line}:${column} ${cleanLine(mutant.words)}`
  }
  const apart = notToldApart.length === 0 ? '' : `, ${notToldApart.length} not told apart by ${count(tries, 'generated data set')}`
  const mark = survivors.length === 0 ? colours.green('✓') : colours.red('✗')
  const sum = `${mark} ${count(run, 'mutant')} of the reference and the accepted samples: ${killed} killed, ${count(survivors.length, 'survivor')}${apart}`
  const sets = datasets.flatMap(({ sql, kills }, index) => {
    const killing = written ? `${written[index] ?? 'Not written: an exercise holds forty data sets. This'} kills` : 'These rows kill'
    const words = kills.map(kill => shown(survivors[kill]!)).join('; ')
    return [...wrap(`${killing} ${words}`, style, '  ', '  '), ...sql.split('\n').map(line => colours.dim(`    ${cleanLine(line)}`))]
  })
  const alike = notToldApart.map(shown).join('; ')
  return [
    ...wrap(sum, style),
    ...(cutShort ? wrap('Time ran out before all was tried.', style, '  ', '  ') : []),
    ...sets,
    ...(alike === '' ? [] : wrap(`Not told apart, so most likely the same in other words: ${alike}`, style, '  ', '  ').map(colours.dim)),
  ]
}

/** A mutant's line and column in the text that it is made of; positions count characters of it without a byte order mark. */
export function placeOf({ position }: Pick<CheckedMutant, 'position'>, source: string): { line: number; column: number } {
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source
  const before = Array.from(text)
    .slice(0, position - 1)
    .join('')
    .split('\n')
  return { line: before.length, column: Array.from(before.at(-1)!).length + 1 }
}
