import { availableParallelism } from 'node:os'
import { InvalidArgumentError } from 'commander'

/** Parsers of options that several commands take; a bad value ends the command with exit code 2. */
export function wholeNumber(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new InvalidArgumentError('expected a whole number.')
  return value
}

export function jobsNumber(text: string): number {
  const value = wholeNumber(text)
  if (value < 1 || value > 64) throw new InvalidArgumentError('expected a number from 1 to 64.')
  return value
}

export const defaultJobs = availableParallelism()
