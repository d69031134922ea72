import type { DatabaseError } from 'pg'
import type { SqlError } from '../../core/report.ts'
import { excerpt } from './excerpt.ts'
import { clip } from './shown.ts'

/*
 * An SQL error as a learner may read it. On data that they may not see, the server's words can carry that data:
 * `invalid input syntax for type integer: "secret"`, the detail of a broken key, whatever a DO block raises. So there
 * the detail and hint are left out, quoted words and numbers that the learner couldn't know are blanked, and what code
 * of their own raised is told by its kind only. The code, the statement and the caret always stay.
 */
export type ErrorPlace = { statement: string; file?: string; statementNumber?: number }

/** With all of the server's words: on visible data, and for staff. */
export function openSqlError(error: DatabaseError, place: ErrorPlace): SqlError {
  return {
    ...closedSqlError(error, place, new Set()),
    message: clip(error.message, 2000),
    ...(error.detail && { detail: clip(error.detail, 2000) }),
    ...(error.hint && { hint: clip(error.hint, 2000) }),
  }
}

/** Without anything that comes from rows; `known` are the words a learner may read anyway (see knownWords). */
export function closedSqlError(error: DatabaseError, place: ErrorPlace, known: ReadonlySet<string>): SqlError {
  const position = Number(error.position) || undefined
  return {
    code: clip(error.code ?? 'XX000', 10),
    message: error.where
      ? 'An error inside a function or a DO block; its words are not shown, since they may quote rows that are not yours to see.'
      : clip(blankUnknown(error.message, known), 2000),
    ...(place.file !== undefined && { file: clip(place.file, 300) }),
    ...(place.statementNumber !== undefined && { statementNumber: place.statementNumber }),
    ...excerpt(place.statement, position),
  }
}

/** The words of texts that a learner knows: their own, and the exercise's schema. */
export function knownWords(...texts: string[]): Set<string> {
  return new Set(texts.flatMap(text => text.toLowerCase().match(WORDS) ?? []))
}

const WORDS = /[\p{L}\p{N}]+/gu
/** What PostgreSQL appends to the names it makes: users_email_key, tasks_user_id_fkey, tasks_pkey1. */
const MADE = new Set(['key', 'pkey', 'fkey', 'check', 'idx', 'excl', 'seq', 'not', 'null'])

function blankUnknown(message: string, known: ReadonlySet<string>): string {
  const isName = (word: string) => known.has(word) || MADE.has(word)
  const isKnown = (word: string) => isName(word) || (/^\p{L}+\d$/u.test(word) && isName(word.slice(0, -1)))
  const allKnown = (text: string) => (text.toLowerCase().match(WORDS) ?? []).every(isKnown)
  return message
    .replace(/"([^"]*)"?/g, (whole, quoted: string) => (allKnown(quoted) ? whole : '"…"'))
    .replace(/[\p{L}\p{N}]*\p{N}[\p{L}\p{N}.:-]*/gu, found => (allKnown(found) ? found : '…'))
}
