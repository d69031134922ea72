import { CommanderError } from 'commander'
import { GraderError, InvalidInput } from '../core/errors.ts'
import type { Outcome } from '../core/outcome.ts'

/** What a command's exit code says; a grader fault is never 1, so that a script can tell it from a failed submission. */
export const EXIT = { ok: 0, failed: 1, usage: 2, auth: 3, notFound: 4, graderFault: 5, interrupted: 130 } as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** Ends a command with words for the person who typed it: what was expected, what came, what to do. */
export class CommandError extends Error {
  readonly exitCode: ExitCode

  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CommandError'
    this.exitCode = exitCode
  }
}

export function exitCodeOf(outcome: Outcome): ExitCode {
  if (outcome === 'accepted') return EXIT.ok
  return outcome === 'grader_error' ? EXIT.graderFault : EXIT.failed
}

/** The one place where what was thrown becomes an exit code and words for stderr. */
export function endOf(error: unknown): { exitCode: number; message?: string } {
  // Commander has printed its own words already; its exit code is 0 for help and version.
  if (error instanceof CommanderError) return { exitCode: error.exitCode === 0 ? EXIT.ok : EXIT.usage }
  if (error instanceof CommandError) return { exitCode: error.exitCode, message: error.message }
  if (error instanceof InvalidInput) return { exitCode: EXIT.usage, message: error.message }
  if (error instanceof GraderError) return { exitCode: EXIT.graderFault, message: `${error.message} (${error.code})` }
  if (error instanceof Error && error.name === 'AbortError') return { exitCode: EXIT.interrupted, message: 'interrupted' }
  // Nothing that we foresaw: a fault of ours, with its trace for whoever mends it.
  return { exitCode: EXIT.graderFault, message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
}
