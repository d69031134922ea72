import type { SqlError } from '../../../core/report.ts'
import { excerpt } from './excerpt.ts'
import { plainWords } from './plain-words.ts'

/** A submission that can't be graded as it is: nothing of it is run. */
export type Refusal = { refused: { code: string; message: string }; sqlError?: SqlError }

/** SQLSTATE of a syntax error; a refusal has no server to ask for one. */
const SYNTAX_ERROR = '42601'

export function refuse(code: string, message: string, at?: { file: string; text: string; position?: number | undefined }): Refusal {
  if (!at) return { refused: { code, message } }
  const line = at.position === undefined ? '' : ` (${at.file}, line ${lineOf(at.text, at.position)})`
  const sqlError: SqlError = { code: SYNTAX_ERROR, message, file: at.file, ...excerpt(at.text, at.position) }
  const plain = plainWords(sqlError)
  return { refused: { code, message: `${message}${line}` }, sqlError: plain === undefined ? sqlError : { ...sqlError, plain } }
}

function lineOf(text: string, position: number): number {
  return (
    Array.from(text)
      .slice(0, position - 1)
      .filter(character => character === '\n').length + 1
  )
}
