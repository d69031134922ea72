import { CommandError, EXIT, type ExitCode } from '../errors.ts'
import { cleanLine } from '../render/clean.ts'

/** RFC 9457, as far as a person reads it. Every member may be missing or of another type: it came over the wire. */
export type Problem = { title?: unknown; detail?: unknown; errors?: unknown }

/** An answer that is no success, as words and an exit code. */
export function problemError(
  status: number,
  problem: Problem,
  { retryAfter, hasToken }: { retryAfter: string | null; hasToken: boolean },
): CommandError {
  const faults = faultsOf(problem.errors)
  const detail = text(problem.detail)
  // A detail that only repeats the first fault makes room for the title.
  const said = (faults[0]?.detail === detail ? undefined : detail) ?? text(problem.title) ?? `the server answered with status ${status}`
  const lines = [said, ...faults.map(fault => `  ${[fault.pointer, fault.detail].filter(Boolean).join(': ')}`)]
  const advice = adviceFor(status, retryAfter, hasToken)
  if (advice) lines.push(advice)
  const isUnknownExercise = status === 422 && faults.some(fault => fault.pointer === '/exercise')
  return new CommandError(isUnknownExercise ? EXIT.notFound : exitCodeFor(status), lines.join('\n'))
}

function exitCodeFor(status: number): ExitCode {
  if (status === 401 || status === 403) return EXIT.auth
  if (status === 404 || status === 410) return EXIT.notFound
  // Too many requests, and whatever is the server's own: nothing is wrong with what was asked.
  return status === 429 || status >= 500 ? EXIT.graderFault : EXIT.usage
}

function adviceFor(status: number, retryAfter: string | null, hasToken: boolean): string | undefined {
  if (status === 401) {
    return hasToken
      ? 'ASSAY_TOKEN is not a valid token of this server; ask its operator for one ("assay token add").'
      : 'Set ASSAY_TOKEN to your API token; "npm start" showed one, "assay token add" makes another.'
  }
  if (status === 403) return 'This token may not do that; use one of another role.'
  if (status === 429 || status === 503) return retryAfter ? `Try again in ${cleanLine(retryAfter)} s.` : 'Try again in a while.'
  if (status === 507) return "The server's disk is full; its operator must free space."
  return undefined
}

function faultsOf(errors: unknown): { pointer: string | undefined; detail: string | undefined }[] {
  if (!Array.isArray(errors)) return []
  return errors.slice(0, 20).flatMap((error: unknown) => {
    if (typeof error !== 'object' || error === null) return []
    const { pointer, detail } = error as { pointer?: unknown; detail?: unknown }
    return [{ pointer: text(pointer), detail: text(detail) }]
  })
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? cleanLine(value) : undefined
}
