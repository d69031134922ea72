import type { CheckedMutants } from '../check/check-exercise.ts'
import { cleanLine } from './clean.ts'
import { wrap, type Style } from './layout.ts'
import { count } from './quantities.ts'

/** How an exercise's data sets did against mutants of its reference, and the data that would kill those that live. */
export function mutantLines({ check, written }: CheckedMutants, style: Style): string[] {
  const { colours } = style
  const { run, killed, survivors, notToldApart, datasets, tries, cutShort } = check
  const apart = notToldApart.length === 0 ? '' : `, ${notToldApart.length} not told apart by ${count(tries, 'generated data set')}`
  const mark = survivors.length === 0 ? colours.green('✓') : colours.red('✗')
  const sum = `${mark} ${count(run, 'mutant')} of the reference: ${killed} killed, ${count(survivors.length, 'survivor')}${apart}`
  const sets = datasets.flatMap(({ sql, kills }, index) => {
    const words = kills.map(kill => survivors[kill]!.words).join('; ')
    const head = written ? `${written[index] ?? 'Not written'} kills` : 'These rows kill'
    return [...wrap(`${head}: ${cleanLine(words)}`, style, '  ', '  '), ...sql.split('\n').map(line => colours.dim(`    ${cleanLine(line)}`))]
  })
  const alike = notToldApart.flatMap(({ words }) => wrap(`${colours.dim('not told apart:')} ${cleanLine(words)}`, style, '  ', '    '))
  return [
    ...wrap(sum, style),
    ...(cutShort ? wrap('Time ran out before all was tried; another --seed tries other data.', style, '  ', '  ') : []),
    ...sets,
    ...alike,
  ]
}
