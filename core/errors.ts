/**
 * Ours, never the learner's: something that Assay itself needs is missing or broke.
 * `code` is stable (`IMAGE_MISSING`); `message` says what was expected, what came and what to do.
 */
export class GraderError extends Error {
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'GraderError'
    this.code = code
  }
}

/** One fault of something that a person wrote: where it stands and what to do about it. Line and column count from 1. */
export type Finding = { file: string; field?: string; message: string; line?: number; column?: number }

/** What a person wrote (an exercise, a submission, a setting) can't be used as it is. */
export class InvalidInput extends Error {
  readonly findings: readonly Finding[]

  constructor(findings: readonly Finding[]) {
    super(findings.map(describeFinding).join('\n'))
    this.name = 'InvalidInput'
    this.findings = findings
  }
}

export function describeFinding({ file, field, message, line, column }: Finding): string {
  const place = line ? `${file}:${line}:${column ?? 1}` : file
  return field ? `"${field}" in ${place}: ${message}` : `${place}: ${message}`
}
