/**
 * What a syntax error most likely comes from, by the statement around its place: PostgreSQL's grammar only tells the first word
 * that it couldn't take. `position` is the 1-based character of that word. Undefined where the message is about something else.
 */
export function syntaxWords({ message, statement, position }: { message: string; statement: string; position?: number | undefined }) {
  if (/unterminated quoted identifier/.test(message)) return 'A name begins with " and never ends.'
  if (/unterminated (bit|hexadecimal|dollar-)?.*string/.test(message))
    return "A text begins with ' and never ends; a quote inside a text is written twice: 'it''s'."
  if (/unterminated .*comment/.test(message)) return 'A comment begins with /* and never ends.'
  if (!/syntax error/.test(message)) return undefined
  const characters = Array.from(statement)
  const at = Math.max(0, (position ?? characters.length + 1) - 1)
  const place: Place = {
    before: bare(characters.slice(0, at).join('')),
    word: /^(?:[\p{L}_][\p{L}\p{N}_$]*|[^\s])?/u.exec(characters.slice(at).join(''))![0].toUpperCase(),
    atEnd: /at end of input/.test(message),
  }
  return CAUSES.find(({ when }) => when(place))?.words ?? OTHERWISE
}

/** `before`: what was read, without texts and comments, in upper case; `word`: what could not be. */
type Place = { before: string; word: string; atEnd: boolean }

const OTHERWISE =
  'PostgreSQL read as far as the mark: the fault is there or right before it. Often a comma, a bracket or an operator is missing.'
const CLAUSES = ['SELECT', 'FROM', 'WHERE', 'GROUP', 'HAVING', 'WINDOW', 'ORDER', 'LIMIT', 'OFFSET']

const CAUSES: readonly { when: (place: Place) => boolean; words: string }[] = [
  {
    when: ({ word, before }) => word === '`' || before.includes('`'),
    words: "Backticks are MySQL's: names stand here as they are, or in double quotes.",
  },
  {
    when: ({ word, before }) => word === '[' && /[\s,(.]$/.test(before),
    words: "Names in square brackets are SQL Server's: here they stand as they are, or in double quotes.",
  },
  { when: ({ before }) => /\bTOP\s*(\d+\s*)?$/.test(before), words: "TOP is SQL Server's: here LIMIT 5 stands at the end of the query." },
  {
    when: ({ before, word }) => before.trimEnd().endsWith(',') && (CLAUSES.includes(word) || word === ')'),
    words: 'There is a comma too many: none stands after the last item of a list.',
  },
  {
    when: ({ before, word, atEnd }) => atEnd && before.trimEnd().endsWith(',') && word === '',
    words: 'The statement ends with a comma: something is missing after it.',
  },
  { when: ({ before, word }) => word === ')' && depth(before) <= 0, words: 'A bracket is closed that was never opened.' },
  {
    when: ({ before, word }) =>
      openCases(before) > 0 && (CLAUSES.includes(word) || word === ',' || word === ')' || word === 'AS' || word === ''),
    words: 'A CASE has no END.',
  },
  {
    when: ({ before, word }) => lacksOn(before) && ['WHERE', 'GROUP', 'ORDER', 'HAVING', 'LIMIT', ')', ';', ''].includes(word),
    words: 'A JOIN has no ON: say by which columns the rows belong together.',
  },
  { when: ({ before, atEnd }) => atEnd && depth(before) > 0, words: 'A bracket is opened and never closed.' },
  {
    when: ({ before, word }) => /\bAS\s*$/.test(before) && /^\p{L}/u.test(word),
    words: 'This name is a word of SQL itself: take another one, or put it in double quotes.',
  },
  {
    when: ({ before, word }) => word === 'BY' && /\b(SORT|ORDERED|GROUPED)\s*$/.test(before),
    words: 'It is called ORDER BY and GROUP BY.',
  },
  { when: comesTooLate, words: 'The clauses of a query stand in a fixed order: SELECT, FROM, WHERE, GROUP BY, HAVING, ORDER BY, LIMIT.' },
  {
    when: ({ before, word }) => word === '=' && /[=<>!]\s+$/.test(before),
    words: 'An operator of two signs is written without a blank: <=, >=, <>.',
  },
  { when: ({ atEnd }) => atEnd, words: 'The statement ends before it is complete.' },
]

/** Texts, names in quotes and comments as one sign each, so that words in them don't count. */
function bare(text: string): string {
  return text
    .replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, "''")
    .replaceAll(/--[^\n]*/g, ' ')
    .toUpperCase()
}

function depth(text: string): number {
  return (text.match(/\(/g)?.length ?? 0) - (text.match(/\)/g)?.length ?? 0)
}

function openCases(text: string): number {
  return (text.match(/\bCASE\b/g)?.length ?? 0) - (text.match(/\bEND\b/g)?.length ?? 0)
}

/** Whether the last join is still to be told by what: CROSS and NATURAL joins need nothing. */
function lacksOn(text: string): boolean {
  const last = [...innermost(text).matchAll(/\b(CROSS|NATURAL)?(?:\s+(?:LEFT|RIGHT|FULL|INNER)(?:\s+OUTER)?)?\s*\bJOIN\b/g)].at(-1)
  return last !== undefined && last[1] === undefined && !/\b(ON|USING)\b/.test(innermost(text).slice(last.index + last[0].length))
}

/** Whether a clause comes that stands before one which was read already, in the same brackets. */
function comesTooLate({ before, word }: Place): boolean {
  const place = CLAUSES.indexOf(word)
  if (place <= 0) return false
  const read = innermost(before).match(/\b(?:FROM|WHERE|GROUP|HAVING|WINDOW|ORDER|LIMIT|OFFSET)\b/g) ?? []
  return read.some(each => CLAUSES.indexOf(each) >= place)
}

/** What was read since the bracket that is still open, without the brackets in it. */
function innermost(text: string): string {
  let kept = ''
  let closed = 0
  for (const character of text.split('').reverse()) {
    if (character === ')') closed++
    else if (character === '(' && closed > 0) closed--
    else if (character === '(') break
    else if (closed === 0) kept += character
  }
  return kept.split('').reverse().join('')
}
