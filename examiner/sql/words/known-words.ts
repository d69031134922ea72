/*
 * What a learner may read of a text that the server made where rows are hidden. A single word passes when the learner
 * knows it. Whole sentences never do for that reason alone, since a learner could write rows in words of their own text.
 */
const WORDS = /[\p{L}\p{N}_$]+/gu

/** What PostgreSQL appends to the names it makes: users_email_key, tasks_user_id_fkey, tasks_pkey1. */
const MADE = /_(?:pkey|key|fkey|check|idx|excl|seq|not_null)\d?$/

/** The words of texts that a learner knows: their own, and the exercise's schema. */
export function knownWords(...texts: string[]): Set<string> {
  return new Set(texts.flatMap(wordsOf))
}

export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(WORDS) ?? []
}

/** One known word, two or three with dots between them, or a name that PostgreSQL makes of up to three. */
export function isKnownName(name: string, known: ReadonlySet<string>): boolean {
  const lower = name.toLowerCase()
  if (lower.split('.').length <= 3 && lower.split('.').every(part => known.has(part))) return true
  return MADE.test(lower) && isJoined(lower.replace(MADE, ''), known, 3)
}

function isJoined(text: string, known: ReadonlySet<string>, most: number): boolean {
  if (known.has(text)) return true
  if (most === 1) return false
  return [...text.matchAll(/_/g)].some(({ index }) => known.has(text.slice(0, index)) && isJoined(text.slice(index + 1), known, most - 1))
}

/** PostgreSQL's own words: of its types, its printed definitions and what its parser says. */
export const SERVER_WORDS: ReadonlySet<string> = new Set(
  `a action add after aggregate aggregates alias all allowed already always ambiguous an and any appear are argument arguments array as asc
  at be because before between bigint bit boolean btree but by bytea calls cannot cascade case cast changed char character check child clause
  clauses coerced collate collation column columns combined composite constraint contain contains convert could create cycle data date
  default deferrable deferred delete depend depends desc different disabled distinct do does domain double each else enabled end entry enum error
  exclude exist exists expected expression expressions extension extra few for force forced foreign from full function functions generated
  gin gist group grouping has hash have having identity if immutable implicitly in include increment index initially inner input insert
  instead integer interval into invalid is it its join json jsonb key language left like limit list literal many match materialized missing
  more must name names near nested next nextval no none not null nulls number numeric of on only operator option or order other outer over
  own part partition partitioned permissive plpgsql policy position precision primary procedure public range real record references
  regclass relation replica restrict restrictive return returning returns right rights row rows rule same schema security select sequence
  set setof should simple smallint specified sql statement stored subquery syntax table target text than that the then time timestamp
  timestamptz to trigger true false type types union unique unknown unlogged update used using uuid valid value values varying view virtual
  when where which window with without xml zone`.split(/\s+/),
)
