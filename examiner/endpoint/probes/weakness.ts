import type { Response } from '../../authoring/http.ts'
import { cleanText } from '../../clean-text.ts'
import { TestFailure } from '../../test-failure.ts'
import { HttpFailure } from '../http-failure.ts'
import { requestOf } from '../response.ts'

export type Weakness = { name: string; sent: readonly string[]; came: readonly string[]; why: string; look: string }

/** A test's failure that teaches: what was sent, what came, why that is a weakness, what to look for in the program. */
export function weakness({ name, sent, came, why, look }: Weakness): TestFailure {
  return new TestFailure(
    [`${name}.`, `Sent: ${sent.join('\n      ')}`, `Came: ${came.join('\n      ')}`, why, `Look for: ${look}`].join('\n'),
  )
}

/** The probe can say nothing: what it starts from doesn't work. */
export function notAnswered(what: string, answer: Response | HttpFailure): TestFailure {
  return new TestFailure(`${what} was not answered as it should be, so nothing could be tried: ${shownAnswer(answer)}.`)
}

/** A value as it was sent, quoted, at most 160 characters of it. */
export function quoted(value: string): string {
  return JSON.stringify(value.length > 160 ? `${value.slice(0, 160)}…` : value)
}

/** "GET /notes → 200, 512 bytes: [{"id":…", the body on one line. */
export function shownAnswer(answer: Response | HttpFailure): string {
  if (answer instanceof HttpFailure) return answer.message
  const { status, bytes, text } = answer
  const body = excerpt(text, 160)
  return `${requestOf(answer)} → ${status}${body ? `, ${bytes.length} bytes: ${body}` : ', no body'}`
}

export function excerpt(text: string, max: number): string {
  return cleanText(text.slice(0, max * 4).replaceAll(/\s+/g, ' '), max)
}
