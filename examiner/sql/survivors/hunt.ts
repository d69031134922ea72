import type { QueryManifest } from '../../../core/exercise.ts'
import { drawFrom } from '../../authoring/draw.ts'
import { now } from '../../now.ts'
import type { Mutant, MutationRule } from '../mutants/mutants.ts'
import { constantsOf } from './constants.ts'
import { generateRows, type Ground, type Row } from './generate.ts'
import { insertRows } from './insert-rows.ts'
import { Laboratory, type LaboratoryParts } from './laboratory.ts'
import type { TableFacts } from './schema-facts.ts'
import { shrink } from './shrink.ts'
import { poolsOf, type KnownRows } from './values.ts'

export type Hunt = LaboratoryParts & {
  known: KnownRows
  seed: number
  mutants: readonly Mutant[]
  onNews: (words: string) => void
}

export type Hunted = {
  /** Those that some generated data tells from the reference. */
  told: Set<Mutant>
  datasets: { sql: string; rows: number; kills: Mutant[] }[]
  tries: number
  cutShort: boolean
}

/** How many data sets are generated at most; the same ones for the same seed. */
const TRIES = 400
const HUNTING_MS = 20_000
const SHRINKING_MS = 30_000
/** An exercise holds at most forty data sets; nobody reads as many of ours. */
const DATASETS = 12
const STATEMENT_MS = 1_000

/** Looks for data that tells mutants from the reference, and shrinks what it finds to the rows that matter. */
export async function hunt(given: Hunt): Promise<Hunted> {
  const { tables, known, seed, mutants, onNews, reference, manifest } = given
  if (mutants.length === 0) return { told: new Set(), datasets: [], tries: 0, cutShort: false }
  const constants = await constantsOf(reference.statement.text, tables.flatMap(({ checks }) => checks))
  const ground: Ground = { tables, known, pools: poolsOf(tables, constants, known) }
  await using laboratory = await Laboratory.open({ ...given, manifest: impatient(manifest) })

  const began = now()
  const evidence = new Map<Mutant, Row[]>()
  let tries = 0
  while (tries < TRIES && evidence.size < mutants.length && now() - began < HUNTING_MS) {
    const drawn = generateRows(ground, drawFrom(`${seed}:${tries++}`))
    const rows = await laboratory.lay(drawn)
    for (const mutant of await toldApart(laboratory, mutants.filter(each => !evidence.has(each)))) evidence.set(mutant, rows)
    if (tries % 20 === 0) onNews(`${tries} data sets generated, ${evidence.size} of ${mutants.length} that pass told apart`)
  }
  const hunted = now()
  const over = () => now() - hunted > SHRINKING_MS
  const datasets = await smallest(laboratory, ground, evidence, over, onNews)
  return { told: new Set(evidence.keys()), datasets, tries, cutShort: over() || (tries < TRIES && evidence.size < mutants.length) }
}

/** A data set for each mutant that none of those before it tells apart already. */
async function smallest(
  laboratory: Laboratory,
  ground: Ground,
  evidence: ReadonlyMap<Mutant, Row[]>,
  over: () => boolean,
  onNews: (words: string) => void,
): Promise<Hunted['datasets']> {
  const datasets: Hunted['datasets'] = []
  const left = new Set(evidence.keys())
  for (const [mutant, found] of evidence) {
    if (!left.has(mutant) || datasets.length === DATASETS) continue
    onNews(`shrinking data set ${datasets.length + 1}, for ${left.size} that pass`)
    const holds = async (rows: readonly Row[]) => {
      const laid = await laboratory.lay(rows.map(asDrawn))
      return (await toldApart(laboratory, [mutant])).length > 0 ? laid : undefined
    }
    const rows = await shrink(found, { holds, plain: plainIn(ground), over })
    await laboratory.lay(rows.map(asDrawn))
    const kills = await toldApart(laboratory, [mutant, ...[...left].filter(other => other !== mutant)])
    if (!kills.includes(mutant)) continue
    kills.forEach(each => left.delete(each))
    datasets.push({ sql: insertRows(ground.tables, rows), rows: rows.length, kills })
  }
  return datasets
}

/** Rules whose mutants may give the right rows by chance, by the order in which rows happen to lie. */
const BY_CHANCE = new Set<MutationRule>(['order-dropped', 'limit-ties', 'limit-dropped', 'distinct-dropped', 'ranking-swap'])

/** Asked cheaply first: most data sets tell nothing. */
async function toldApart(laboratory: Laboratory, mutants: readonly Mutant[]): Promise<Mutant[]> {
  const told = async (some: readonly Mutant[], orders: number) => {
    const texts = new Set(some.length > 0 ? await laboratory.told(some.map(({ text }) => text), orders) : [])
    return some.filter(({ text }) => texts.has(text))
  }
  const first = await told(mutants, 0)
  const chancy = first.filter(({ rule }) => BY_CHANCE.has(rule))
  const plain = first.filter(({ rule }) => !BY_CHANCE.has(rule))
  return [...(await told(plain, 1)), ...(await told(chancy, 5))]
}

function asDrawn({ table, values }: Row) {
  return { table, variants: [values] }
}

/** What stands in keys and references stays: other rows know it. */
function plainIn({ tables, pools }: Ground) {
  const kept = new Map(tables.map(table => [table.name, keptColumns(table, tables)]))
  return (table: string, column: string) => (kept.get(table)!.has(column) ? undefined : pools.get(table)!.get(column)![0])
}

function keptColumns(table: TableFacts, tables: readonly TableFacts[]): Set<string> {
  const referenced = tables.flatMap(({ foreign }) => foreign.filter(({ table: parent }) => parent === table.oid).flatMap(each => each.referenced))
  return new Set([...table.keys.flat(), ...table.foreign.flatMap(({ columns }) => columns), ...referenced])
}

/** Data sets of a few rows need no time. */
function impatient(manifest: QueryManifest): QueryManifest {
  return { ...manifest, limits: { ...manifest.limits, statement: Math.min(manifest.limits.statement, STATEMENT_MS) } }
}
