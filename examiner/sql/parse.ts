import type * as parser from 'libpg-query'
import { keepWasmSmall } from '../small-wasm.ts'
import { clip } from './shown.ts'

/*
 * Reads SQL with PostgreSQL's own grammar. What the grammar says is used for words and for splitting, never as a fence:
 * what a learner's statement may do is decided by the role it runs as.
 */
export type Statement = {
  text: string
  /** The grammar's name of it, such as "SelectStmt", and what it holds. */
  kind: string
  node: Record<string, unknown>
  /** 0-based, in characters (code points, as PostgreSQL counts) of the whole text. */
  offset: number
}

/*
 * The parser's tree takes up to 1,600 times the room of its text, in the examiner's box: what is longer is refused before it
 * is read, and what holds more statements than anyone writes by hand after. The learner sees invalid_submission.
 */
export const MAX_SQL_BYTES = 96 * 1024
export const MAX_STATEMENTS = 1000

export type ParseFault = {
  code: string
  message: string
  /** 1-based character of the text. */
  position?: number
}

export type Parsed = { statements: Statement[]; fault?: undefined } | { fault: ParseFault }

/** The text without the byte order mark that some editors put before it. */
export function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}

/** Positions and offsets are those of the text without its byte order mark. */
export async function parseSql(source: string): Promise<Parsed> {
  const text = withoutMark(source)
  // The parser reads up to the first NUL, the server refuses it: nothing after it may go unread.
  if (text.includes('\0')) return { fault: { code: 'not_text', message: 'The file contains a NUL character; only text is taken.' } }
  if (!text.isWellFormed()) return { fault: { code: 'not_text', message: 'The file is not valid Unicode.' } }
  if (Buffer.byteLength(text) > MAX_SQL_BYTES) return { fault: tooMuch(`more than ${MAX_SQL_BYTES / 1024} KiB of SQL`) }
  if (text.trim() === '') return { statements: [] }
  let tree: { stmts?: { stmt: Record<string, Record<string, unknown>>; stmt_location?: number; stmt_len?: number }[] }
  try {
    const { parse } = await loadParser()
    tree = (await parse(text)) as typeof tree
  } catch (error) {
    return { fault: parseFault(error, text) }
  }
  const found = tree.stmts ?? []
  if (found.length > MAX_STATEMENTS) return { fault: tooMuch(`${found.length} statements; at most ${MAX_STATEMENTS} are run`) }
  const bytes = Buffer.from(text)
  // Statements stand one after the other: characters are counted on from the last, not from the beginning each time.
  let counted = { bytes: 0, characters: 0 }
  const statements = found.map(({ stmt, stmt_location: from = 0, stmt_len: length }) => {
    const whole = bytes.subarray(from, length ? from + length : undefined).toString()
    const start = leadingLength(whole)
    const [kind, node] = Object.entries(stmt)[0] ?? ['', {}]
    counted = { bytes: from, characters: counted.characters + characters(bytes.subarray(counted.bytes, from).toString()) }
    return { text: whole.slice(start).trimEnd(), kind, node, offset: counted.characters + characters(whole.slice(0, start)) }
  })
  return { statements }
}

/** Its WebAssembly is compiled when it is imported. */
async function loadParser(): Promise<typeof parser> {
  keepWasmSmall()
  return import('libpg-query')
}

function tooMuch(what: string): ParseFault {
  return { code: 'too_much_sql', message: `The file holds ${what}.` }
}

/** How many characters (code points) a text has. */
export function characters(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}

function parseFault(error: unknown, text: string): ParseFault {
  const details = (error as { sqlDetails?: { message: string; cursorPosition: number } }).sqlDetails
  // Not a syntax error but the parser's end: an expression so deep that no stack holds it.
  if (!details || details.message.startsWith('memory exhausted')) {
    return { code: 'too_complex', message: 'The SQL is nested too deeply to be read.' }
  }
  const position = Math.min(details.cursorPosition, characters(text)) + 1
  if (Array.from(text)[position - 1] === '\\') {
    return {
      code: 'psql_command',
      message: "Backslash commands belong to the psql program; they aren't SQL and aren't run here.",
      position,
    }
  }
  return { code: 'syntax_error', message: `The SQL can't be read: ${clip(details.message, 500)}.`, position }
}

/** How much white space and how many comments stand before the first word. */
function leadingLength(text: string): number {
  let at = 0
  for (;;) {
    const rest = text.slice(at)
    const skipped = /^(?:\s+|--[^\n]*(?:\n|$))/.exec(rest)?.[0].length ?? blockCommentLength(rest)
    if (skipped === 0) return at
    at += skipped
  }
}

/** PostgreSQL's block comments nest. */
function blockCommentLength(text: string): number {
  if (!text.startsWith('/*')) return 0
  const marks = /\/\*|\*\//g
  let depth = 0
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    depth += mark[0] === '/*' ? 1 : -1
    if (depth === 0) return marks.lastIndex
  }
  return text.length
}
