import type { HeldLock } from '../../../core/locks.ts'
import type { SchemaChange } from '../../../core/report.ts'
import { SERVER_WORDS, wordsOf } from '../words/known-words.ts'
import type { Catalogue } from './schema-difference.ts'
import type { Step } from '../split.ts'

/*
 * Text that a migration runs can make names, defaults and checks of the rows it finds: DO … EXECUTE format('CREATE TABLE
 * %I', email). So what stands in the database is told only in words that the learner knows, the rest as a count. A
 * migration that has no way to make text run can hold nothing but its own words, and is told everything.
 */
const MAKES_TEXT = new Set(['DoStmt', 'CreateFunctionStmt', 'CallStmt', 'CreateExtensionStmt'])
const SETTINGS = /set_config|pg_settings|u&"/i

/** More than a usual definition needs: a long row of known words can say anything. */
const MOST_WORDS = 40
const MOST_NAMED = 12
/** So many changes may be told in words that only the migration has; which ones it makes may hang on rows too. */
const MOST_OWN = 10
const WITHHELD = 'something in words that are not in the exercise or in your migration'

export function canMakeText(steps: readonly Step[]): boolean {
  return steps
    .flatMap(({ up, down }) => [...up.statements, ...down.statements])
    .some(({ kind, text }) => MAKES_TEXT.has(kind) || SETTINGS.test(text))
}

/**
 * The locks of one way that a report shows, of those that are given strongest first. Which objects a migration locks may hang on rows: where it
 * can make text of them, only the strongest lock on each of the exercise's own tables is told. A sequence's is nobody's concern,
 * and can hang on a row in plain SQL, too.
 */
export function toldLocks(locks: readonly HeldLock[], steps: readonly Step[], own: readonly Catalogue[]): HeldLock[] {
  if (!canMakeText(steps)) return locks.filter(({ object }) => !object.startsWith('sequence '))
  const left = new Set(own.flat().map(({ object }) => object))
  return locks.filter(({ object }) => left.delete(`table ${object}`))
}

/** The changes as a learner may read them; `own` are catalogues that they know, `known` the words of known texts. */
export function toldChanges(changes: readonly SchemaChange[], own: readonly Catalogue[], known: ReadonlySet<string>): SchemaChange[] {
  const entries = own.flat()
  const objects = new Set(entries.map(({ object }) => object))
  const definitions = new Set(entries.map(({ definition }) => definition))
  const words = new Set([...known, ...entries.flatMap(({ object, definition }) => wordsOf(`${object} ${definition}`))])
  let withheld = 0
  let ofOwn = 0
  const told = changes.flatMap((change): SchemaChange[] => {
    const { object, actual } = change
    const isGivenName = objects.has(object)
    const isGivenText = actual === undefined || definitions.has(actual)
    const isNamed = isGivenName || isPlainName(object, words)
    const isPlainText = isGivenText || isPlain(actual, words, MOST_WORDS)
    if ((isNamed && !isGivenName) || (isNamed && isPlainText && !isGivenText)) ofOwn++
    if (!isNamed || (!isGivenName && ofOwn > MOST_OWN)) {
      withheld++
      return []
    }
    return [isGivenText || (isPlainText && ofOwn <= MOST_OWN) ? change : { ...change, actual: WITHHELD }]
  })
  if (withheld === 0) return told
  const count = withheld === 1 ? '1 more object' : `${withheld} more objects`
  return [...told, { change: 'extra', object: `${count} with names that are not in the exercise or in your migration` }]
}

/** What an object is called: nothing but known words, and the signs that stand between names. */
export function isPlainName(text: string, words: ReadonlySet<string>): boolean {
  return isPlain(text, words, MOST_NAMED) && !/[^\p{L}\p{N}_$\s.,()]/u.test(text)
}

/** Every word is known, what stands in quotes is one word at most, and there are too few signs to write in them. */
function isPlain(text: string, words: ReadonlySet<string>, most: number): boolean {
  const quoted = text.match(/'[^']*'|"[^"]*"/g) ?? []
  if (!quoted.every(part => /^[\p{L}\p{N}_$]*$/u.test(part.slice(1, -1)))) return false
  const bare = text.replaceAll(/'[^']*'|"[^"]*"/g, '')
  const all = wordsOf(text)
  return (
    all.length <= most &&
    !/[^\p{L}\p{N}_$\s]{4}|[^\p{L}\p{N}_$\s.,:()[\]<>=+*/|&!~-]/u.test(bare) &&
    (bare.match(/[^\p{L}\p{N}_$\s]/gu) ?? []).length <= most &&
    all.every(word => words.has(word) || SERVER_WORDS.has(word))
  )
}
