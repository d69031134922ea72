import { statSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { InvalidInput } from '../../core/errors.ts'

/** What the benches hand in unless told otherwise: an exercise of each kind, with right and wrong samples. */
export const EXERCISES = relative(process.cwd(), resolve(import.meta.dirname, '../exercises'))

export type Bounds = { least?: number; most?: number }

/** An option that is a whole number, as the command line gave it. Throws InvalidInput naming the option. */
export function wholeNumber(option: string, given: string | undefined, otherwise: number, { least = 1, most = 9999 }: Bounds = {}): number {
  if (given === undefined) return otherwise
  const value = Number(given)
  if (!/^\d+$/.test(given) || value < least || value > most) throw wrong(option, `a whole number from ${least} to ${most}`, given)
  return value
}

/** An option that is a list of words, parted by commas. Throws InvalidInput naming the option. */
export function words<Word extends string>(option: string, given: string, known: readonly Word[]): Word[] {
  const list = given.split(',').map(each => each.trim())
  const unknown = list.find(each => !(known as readonly string[]).includes(each))
  if (unknown !== undefined) throw wrong(option, `some of ${known.join(', ')}`, unknown)
  return list as Word[]
}

/** An option that is a folder. Throws InvalidInput naming the option when there is none. */
export function folder(option: string, given: string | undefined, otherwise: string): string {
  if (given !== undefined && !statSync(given, { throwIfNoEntry: false })?.isDirectory()) throw wrong(option, 'a folder', given)
  return given ?? otherwise
}

function wrong(option: string, expected: string, given: string): InvalidInput {
  return new InvalidInput([{ file: `--${option}`, message: `expected ${expected}, got "${given}"` }])
}
