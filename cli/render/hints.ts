import type { Hint } from '../../core/hints.ts'
import { cleanLine } from './clean.ts'
import { wrap, type Style } from './layout.ts'

/** What reading the files has brought up; it says that it counts for nothing. */
export function hintLines(hints: readonly Hint[], style: Style): string[] {
  const { colours } = style
  return [
    ...wrap('Worth a thought, on a large table in use (no part of the result):', style, '  '),
    ...hints.flatMap(({ file, line, message, rule }) => [
      ...wrap(`${colours.yellow('·')} ${cleanLine(file)}:${line} ${colours.dim(cleanLine(rule))}`, style, '  ', '  '),
      ...wrap(cleanLine(message), style, '    '),
    ]),
  ]
}
