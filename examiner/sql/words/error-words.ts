import type { DatabaseError } from 'pg'
import type { SqlError } from '../../../core/report.ts'
import { shownSentence } from './error-sentences.ts'
import { excerpt } from './excerpt.ts'
import { plainWords } from './plain-words.ts'
import { clip } from '../shown.ts'

/*
 * An SQL error as a learner may read it. On data that they may not see, the server's words can carry that data:
 * `invalid input syntax for type integer: "secret"`, the detail of a broken key, whatever a DO block raises. So there
 * the detail and hint are left out, only sentences of a fixed list are told, with values and unknown names blanked, and
 * what code of their own raised is told by its kind only. The statement and the caret always stay, and so does the code
 * when it is the server's.
 */
export type ErrorPlace = { statement: string; file?: string; statementNumber?: number }

/** With all of the server's words: on visible data, and for staff. */
export function openSqlError(error: DatabaseError, place: ErrorPlace): SqlError {
  const { plain: _, ...closed } = closedSqlError(error, place, new Set())
  return {
    ...explained({ ...closed, code: codeOf(error), message: clip(error.message, 2000) }),
    ...(error.detail && { detail: clip(error.detail, 2000) }),
    ...(error.hint && { hint: clip(error.hint, 2000) }),
  }
}

/** Without anything that comes from rows; `known` are the words a learner may read anyway (see knownWords). */
export function closedSqlError(error: DatabaseError, place: ErrorPlace, known: ReadonlySet<string>): SqlError {
  const position = Number(error.position) || undefined
  return explained({
    code: error.routine === 'exec_stmt_raise' ? RAISED : codeOf(error),
    // A text that was made while running, e.g. for query_to_xml, has no context where its parser fails.
    message:
      error.where || error.internalQuery || error.internalPosition
        ? 'An error inside a function or a DO block; its words are not shown, since they may quote rows that are not yours to see.'
        : clip(shownSentence(error.message, known, position !== undefined) ?? sentenceOfCode(error.code), 2000),
    ...(place.file !== undefined && { file: clip(place.file, 300) }),
    ...(place.statementNumber !== undefined && { statementNumber: place.statementNumber }),
    ...excerpt(place.statement, position),
  })
}

/** With a plain sentence, where the error is one of the common ones: what is said already decides which. */
function explained(error: SqlError): SqlError {
  const plain = plainWords(error)
  return plain === undefined ? error : { ...error, plain }
}

/** What RAISE gives unless it is told another: five letters of the learner's choice are five letters of a row. */
const RAISED = 'P0001'

function codeOf({ code = 'XX000' }: DatabaseError): string {
  return clip(code, 10)
}

const KINDS: Record<string, string> = {
  '08': 'a connection failed',
  '0A': 'a feature is not supported',
  '21': 'a subquery or row has the wrong number of rows',
  '22': 'a value cannot be used as the statement asks: its form, its type or its range',
  '23': 'a constraint is broken',
  '25': 'the transaction is in the wrong state',
  '2B': 'other objects depend on what is taken away',
  '3F': 'the schema name is not valid',
  '40': 'the transaction was rolled back',
  '42': 'a name, a type, a right or the syntax is wrong',
  '53': 'the server has no room',
  '54': 'a limit of the server is passed',
  '55': 'an object is not in the state that the statement needs',
  '57': 'the statement was stopped',
}

/** For sentences that aren't on the list: what the code says, and nothing of the server's words. */
function sentenceOfCode(code = ''): string {
  const kind = KINDS[code.slice(0, 2)] ?? 'an SQL error'
  return `${kind}. The server's words are not shown, since they may quote rows that are not yours to see.`
}
