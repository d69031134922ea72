import { isKnownName, SERVER_WORDS, wordsOf } from './known-words.ts'

/*
 * The server's sentences that a learner may read where rows are hidden. Any of them may hold data where it names
 * something: 'secret'::regclass fails as a relation of that name. So each name must be known, and whatever may be a
 * value is never told, known or not: a learner can write rows in words of their own before a cast fails on them.
 */
const NAME = '("[^"]*"|[\\p{L}_][\\p{L}\\p{N}_.]*)'
const TYPE =
  '(?:smallint|integer|bigint|numeric|real|double precision|boolean|date|time|timestamp|timestamp with time zone|timestamp without time zone|interval|uuid|json|jsonb|bytea|oid|xml|money|inet|name)'
const THING = '(?:table|column|view|materialized view|sequence|schema|function|type|constraint|index|relation|trigger|policy)'

const SENTENCES = [
  'division by zero',
  `${TYPE} out of range`,
  '(?:numeric field overflow|value overflows numeric format|negative substring length not allowed|cannot take logarithm of zero)',
  'more than one row returned by a subquery used as an expression',
  'canceling statement due to (?:statement timeout|lock timeout)',
  'current transaction is aborted, commands ignored until end of transaction block',
  'cannot execute [A-Z ]{1,40} in a read-only transaction',
  '[A-Z ]{1,40} cannot run inside a transaction block',
  'value too long for type (?:character varying|character|bit)\\(([0-9]+)\\)',
  `(?:relation|type|schema|extension|column|function|constraint|index|policy) ${NAME} (?:already exists|does not exist)`,
  `(?:table|view|materialized view|sequence|trigger|role|language|operator class) ${NAME} does not exist`,
  `column ${NAME} of relation ${NAME} (?:already exists|does not exist|contains null values)`,
  `(?:constraint|trigger|policy|rule) ${NAME} (?:for|of) (?:relation|table) ${NAME} (?:already exists|does not exist)`,
  `${NAME} is (?:a|an|not a|not an) (?:table|view|index|sequence|type|composite type|materialized view)`,
  `permission denied for ${THING} ${NAME}`,
  `must be owner of ${THING} ${NAME}`,
  `cannot drop ${THING} ${NAME} because other objects depend on it`,
  `cannot drop column ${NAME} of table ${NAME} because other objects depend on it`,
  `duplicate key value violates unique constraint ${NAME}`,
  `could not create unique index ${NAME}`,
  `null value in column ${NAME} of relation ${NAME} violates not-null constraint`,
  `(?:new row for relation ${NAME} )?violates check constraint ${NAME}`,
  `check constraint ${NAME} of relation ${NAME} is violated by some row`,
  `insert or update on table ${NAME} violates foreign key constraint ${NAME}`,
  `update or delete on table ${NAME} violates foreign key constraint ${NAME} on table ${NAME}`,
  `conflicting key value violates exclusion constraint ${NAME}`,
  `column ${NAME} cannot be cast automatically to type ${TYPE}`,
  `default for column ${NAME} cannot be cast automatically to type ${TYPE}`,
  `column ${NAME} is (?:an identity|a generated) column`,
  `cannot insert a non-DEFAULT value into column ${NAME}`,
  `multiple primary keys for table ${NAME} are not allowed`,
  `there is no unique constraint matching given keys for referenced table ${NAME}`,
].map(sentence => new RegExp(`^${sentence}$`, 'u'))

/** Sentences that end in a value. */
const VALUED: [RegExp, string][] = [
  [new RegExp(`^(invalid input syntax for type ${TYPE})\\b`), ': "…"'],
  [/^((?:date\/time field value|timestamp) out of range): /, '"…"'],
  [/^(malformed (?:array|record|range) literal): /, '"…"'],
  [/^(invalid input value for enum) /, ' …'],
]
const OUT_OF_RANGE = new RegExp(`^value "[\\s\\S]*" (is out of range for type ${TYPE})$`)

/** A sentence that has its place in the statement is the parser's: it speaks of the text and the schema, not of rows. */
export function shownSentence(message: string, known: ReadonlySet<string>, ofParser: boolean): string | undefined {
  const name = (found: string) => {
    if (isKnownName(found.replaceAll('"', ''), known)) return found
    return found.startsWith('"') ? '"…"' : '…'
  }
  for (const sentence of SENTENCES) {
    const match = new RegExp(sentence, 'du').exec(message)
    if (match) return replaceGroups(message, match, name)
  }
  for (const [sentence, rest] of VALUED) {
    const match = sentence.exec(message)
    if (match) return `${match[1]}${rest.startsWith('"') ? ': ' : ''}${rest}`
  }
  const range = OUT_OF_RANGE.exec(message)
  if (range) return `value "…" ${range[1]}`
  return ofParser && isParsersOwn(message, known) ? message : undefined
}

/** Names of objects may have been made of rows before, so even there each has to be known. */
function isParsersOwn(message: string, known: ReadonlySet<string>): boolean {
  const parts = message.split('"')
  if (parts.length % 2 === 0 || parts.length > 7) return false
  return parts.every((part, index) =>
    index % 2 === 1
      ? isKnownName(part, known) || /^\W$/.test(part)
      : !/[^\p{L}\p{N}_$\s]{4}/u.test(part) && wordsOf(part).every(word => known.has(word) || SERVER_WORDS.has(word)),
  )
}

function replaceGroups(message: string, match: RegExpExecArray, name: (found: string) => string): string {
  let shown = ''
  let from = 0
  for (const place of match.indices!.slice(1)) {
    if (!place) continue
    shown += message.slice(from, place[0]) + name(message.slice(...place))
    from = place[1]
  }
  return shown + message.slice(from)
}
