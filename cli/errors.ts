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
