import type { SchemaChange } from '../../../core/report.ts'
import { clip } from '../shown.ts'

/*
 * What a schema holds, as a list of described things, and how two such lists differ.
 *
 * A thing with a name of its own (table, column, view, type, function, policy …) is found by that name. Constraints,
 * indexes, triggers and rules are found by what they stand on, e.g. "unique constraint of users (email)": what they are
 * called is not compared, since nobody can guess a name that PostgreSQL or another author would make up. The order of
 * columns and comments are not compared either.
 */
export type SchemaEntry = {
  /** Readable and, together with the definition, all that is compared. */
  object: string
  definition: string
  /** The table it is a part of; when that is missing or extra as a whole, its parts go without saying. */
  table?: string
}
export type Catalogue = readonly SchemaEntry[]

const MOST = 100

/** Missing: wanted but not there. Empty when the schemas are the same. At most 100 changes are told. */
export function schemaDifference(expected: Catalogue, actual: Catalogue): SchemaChange[] {
  const [wanted, found] = [byObject(expected), byObject(actual)]
  const changes: SchemaChange[] = []
  for (const object of new Set([...wanted.keys(), ...found.keys()])) {
    const [missing, extra] = withoutEqual(wanted.get(object) ?? [], found.get(object) ?? [])
    while (missing.length > 0 && extra.length > 0) {
      changes.push({ change: 'different', ...told(object), expected: words(missing.shift()!), actual: words(extra.shift()!) })
    }
    for (const entry of missing)
      if (!entry.table || found.has(entry.table)) changes.push({ change: 'missing', ...told(object), expected: words(entry) })
    for (const entry of extra)
      if (!entry.table || wanted.has(entry.table)) changes.push({ change: 'extra', ...told(object), actual: words(entry) })
  }
  return changes.slice(0, MOST)
}

/** One sentence for a test's message; the changes themselves go beside it. */
export function schemaSentence(changes: readonly SchemaChange[]): string {
  const shown = changes.slice(0, 5).map(changeLine)
  const more = changes.length > shown.length ? `\n… and ${changes.length - shown.length} more` : ''
  return `The schema differs in ${changes.length} ${changes.length === 1 ? 'place' : 'places'}:\n${shown.join('\n')}${more}`
}

function changeLine({ change, object, expected, actual }: SchemaChange): string {
  if (change === 'missing') return `- ${object} is missing: ${expected}`
  if (change === 'extra') return `- ${object} should not be there${actual === undefined ? '' : `: ${actual}`}`
  return `- ${object}: expected ${expected}, got ${actual}`
}

function withoutEqual(missing: readonly SchemaEntry[], extra: readonly SchemaEntry[]): [SchemaEntry[], SchemaEntry[]] {
  const left = [...extra]
  const unmatched = missing.filter(entry => {
    const at = left.findIndex(candidate => candidate.definition === entry.definition)
    if (at !== -1) left.splice(at, 1)
    return at === -1
  })
  return [unmatched, left]
}

function byObject(catalogue: Catalogue): Map<string, SchemaEntry[]> {
  return Map.groupBy(catalogue, entry => entry.object)
}

function told(object: string) {
  return { object: clip(object, 300) }
}

function words({ definition }: SchemaEntry): string {
  return clip(definition, 2000)
}
