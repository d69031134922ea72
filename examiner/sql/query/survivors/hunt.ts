import type { QueryManifest } from '../../../../core/exercise.ts'
import { drawFrom } from '../../../authoring/draw.ts'
import { now } from '../../../now.ts'
import type { Mutant, MutationRule } from '../mutants/mutants.ts'
import { constantsOf } from './constants.ts'
import { generateRows, type Ground, type Row } from './generate.ts'
import { insertRows } from './insert-rows.ts'
import { Laboratory, type LaboratoryParts } from './laboratory.ts'
import type { TableFacts } from './schema-facts.ts'
import { shrink, type Shrinking } from './shrink.ts'
import { poolsOf, type KnownRows } from './values.ts'

export type Hunt = LaboratoryParts & {
  known: KnownRows
  seed: number
  mutants: readonly Mutant[]
  /** The texts of the samples that are wrong. */
  wrong: readonly string[]
  /** Whether a data set may be without any row: only where one of the author's is, too. What is right there is seldom said. */
  empty: boolean
  patience: number
  onNews: (words: string) => void
}

export type Hunted = {
  /** Those that some generated data tells from the reference. */
  told: Set<Mutant>
  datasets: { sql: string; rows: number; kills: Mutant[]; fails: number[] }[]
  tries: number
  cutShort: boolean
}

/** How many data sets are generated at most; the same ones for the same seed. */
const TRIES = 400
/** After so many in a row that told nothing new, what is left is taken to say the same as the reference. */
const FRUITLESS = 150
const HUNTING_MS = 20_000
const SHRINKING_MS = 30_000
/** An exercise holds at most forty data sets; nobody reads as many of ours. */
const DATASETS = 12
const STATEMENT_MS = 1_000

/** Looks for data that tells mutants from the reference, and shrinks what it finds to the rows that matter. */
export async function hunt(given: Hunt): Promise<Hunted> {
  const { tables, known, seed, mutants, empty, patience, onNews, reference, manifest } = given
  if (mutants.length === 0) return { told: new Set(), datasets: [], tries: 0, cutShort: false }
  const constants = await constantsOf(
    reference.statement.text,
    tables.flatMap(({ checks }) => checks),
  )
  await using laboratory = await Laboratory.open({ ...given, manifest: impatient(manifest, patience) })
  const { standing } = laboratory
  const ground: Ground = { tables, known, standing, pools: poolsOf(tables, constants, known) }
  // Nothing to draw rows for.
  if (tables.every(({ name }) => standing.has(name))) return { told: new Set(), datasets: [], tries: 0, cutShort: false }

  const began = now()
  const evidence = new Map<Mutant, Row[]>()
  let tries = 0
  let fruitful = 0
  const late = () => now() - began > HUNTING_MS * patience
  while (tries < TRIES && tries - fruitful < FRUITLESS && evidence.size < mutants.length && !late()) {
    const drawn = generateRows(ground, drawFrom(`${seed}:${tries++}`))
    const rows = await laboratory.lay(drawn)
    if (rows.length === 0 && !empty) continue
    for (const mutant of await toldApart(
      laboratory,
      mutants.filter(each => !evidence.has(each)),
    )) {
      evidence.set(mutant, rows)
      fruitful = tries
    }
    if (tries % 20 === 0) onNews(`${tries} data sets generated, ${evidence.size} of ${mutants.length} that pass told apart`)
  }
  const hurried = late()
  const hunted = now()
  const over = () => now() - hunted > SHRINKING_MS * patience
  const datasets = await smallest(laboratory, ground, evidence, given, over)
  return { told: new Set(evidence.keys()), datasets, tries, cutShort: hurried || over() }
}

/** A data set for each mutant that none of those before it tells apart already. */
async function smallest(
  laboratory: Laboratory,
  ground: Ground,
  evidence: ReadonlyMap<Mutant, Row[]>,
  { wrong, empty, onNews }: Hunt,
  over: () => boolean,
): Promise<Hunted['datasets']> {
  const datasets: Hunted['datasets'] = []
  const left = new Set(evidence.keys())
  for (const [mutant, found] of evidence) {
    if (!left.has(mutant) || datasets.length === DATASETS) continue
    onNews(`shrinking data set ${datasets.length + 1}, for ${left.size} that pass`)
    const holds = async (rows: readonly Row[]) => {
      const laid = await laboratory.lay(rows.map(asDrawn))
      if (laid.length === 0 && !empty) return undefined
      return (await toldApart(laboratory, [mutant])).length > 0 ? laid : undefined
    }
    const rows = await shrink(found, { holds, plain: plainIn(ground), over })
    await laboratory.lay(rows.map(asDrawn))
    const kills = await toldApart(laboratory, [...left])
    // Chance had a hand in it after all.
    if (!kills.includes(mutant)) continue
    kills.forEach(each => left.delete(each))
    const failed = await laboratory.told(wrong.map((text, index) => ({ text, index, orders: 0 })))
    datasets.push({ sql: insertRows(ground.tables, rows), rows: rows.length, kills, fails: failed.map(({ index }) => index) })
  }
  return datasets
}

/** Rules whose mutants may give the right rows by chance, by the order in which rows happen to lie. */
const BY_CHANCE = new Set<MutationRule>(['order-dropped', 'limit-ties', 'limit-dropped', 'distinct-dropped', 'ranking-swap'])

/** In so many orders of the rows such a mutant must fail: three rows that tie are right by chance in one of six, five in one of 120. */
const CHANCES = 16

async function toldApart(laboratory: Laboratory, mutants: readonly Mutant[]): Promise<Mutant[]> {
  const suspects = mutants.map(mutant => ({ mutant, text: mutant.text, orders: BY_CHANCE.has(mutant.rule) ? CHANCES : 1 }))
  return (await laboratory.told(suspects)).map(({ mutant }) => mutant)
}

function asDrawn({ table, values }: Row) {
  return { table, variants: [values] }
}

/** What stands in keys stays, other rows know it; a reference may go where there may be none. */
function plainIn({ tables, pools }: Ground): Shrinking['plain'] {
  const referenced = (table: TableFacts) =>
    tables.flatMap(({ foreign }) => foreign.filter(({ table: parent }) => parent === table.oid).flatMap(each => each.referenced))
  const kept = new Map(tables.map(table => [table.name, new Set([...table.keys.flat(), ...referenced(table)])]))
  return (name, column) => {
    if (kept.get(name)!.has(column)) return undefined
    const { foreign, columns } = tables.find(table => table.name === name)!
    if (!foreign.some(each => each.columns.includes(column))) return pools.get(name)!.get(column)![0]
    return columns.find(each => each.name === column)!.notNull ? undefined : null
  }
}

/** Data sets of a few rows need no time. */
function impatient(manifest: QueryManifest, patience: number): QueryManifest {
  return { ...manifest, limits: { ...manifest.limits, statement: Math.min(manifest.limits.statement, STATEMENT_MS * patience) } }
}
