import { parse } from 'libpg-query'
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
  if (text.trim() === '') return { statements: [] }
  let tree: { stmts?: { stmt: Record<string, Record<string, unknown>>; stmt_location?: number; stmt_len?: number }[] }
  try {
    tree = (await parse(text)) as typeof tree
  } catch (error) {
    return { fault: parseFault(error, text) }
  }
  const bytes = Buffer.from(text)
  const statements = (tree.stmts ?? []).map(({ stmt, stmt_location: from = 0, stmt_len: length }) => {
    const whole = bytes.subarray(from, length ? from + length : undefined).toString()
    const start = leadingLength(whole)
    const [kind, node] = Object.entries(stmt)[0] ?? ['', {}]
    return {
      text: whole.slice(start).trimEnd(),
      kind,
      node,
      offset: characters(bytes.subarray(0, from).toString() + whole.slice(0, start)),
    }
  })
  return { statements }
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
