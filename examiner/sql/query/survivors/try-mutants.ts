import type { MutantCheck } from '../../../../core/mutant-check.ts'
import type { QueryManifest } from '../../../../core/exercise.ts'
import type { SampleTexts } from '../../../../core/examiner-protocol.ts'
import type { FileMap } from '../../../../core/submission.ts'
import { now } from '../../../now.ts'
import type { Pod } from '../../../pod.ts'
import type { Expected } from '../../comparison/compare.ts'
import { mutantsOf, type Mutant } from '../mutants/mutants.ts'
import { prepareQuery, withRedrawn, type PreparedDataset, type PreparedQuery } from '../prepare-query.ts'
import { readReference } from '../reference-answer.ts'
import { SUPERUSER } from '../../roles.ts'
import { withSession } from '../../server.ts'
import { clip } from '../../shown.ts'
import { askerIn, verdictOn } from './asker.ts'
import { hunt } from './hunt.ts'
import { knownRowsOf } from './known-rows.ts'
import { readSchemaFacts } from './schema-facts.ts'

/*
 * Asks of a query exercise what its data sets let pass: every mutant of the reference, and of the accepted samples, which are
 * written otherwise and so invite other slips, runs on all of them, on databases
 * that are prepared as for a grading, and is compared as a learner's rows would be. For those that pass, data is generated
 * that tells them apart. Nothing of a learner's is near: this runs in a pod of its own, for `assay check`.
 */
export type MutantTrial = {
  manifest: QueryManifest
  files: FileMap
  pod: Pod
  seed: number
  /** What the accepted ones disagree about is no evidence. */
  samples: SampleTexts
  /** By how much the limits in seconds are longer: for machines that have other things to do. */
  patience?: number
  /** Told now and then: how many mutants, and then how many generated data sets, were tried. */
  onNews: (words: string) => void
}

/** A mutant, and of which accepted sample it is made; of the reference where absent. */
type Wrong = Mutant & { sample?: number }

/** How many of all accepted samples together. The reference's own come first. */
const OF_SAMPLES = 48

/** How long the exercise's own data sets are asked; most exercises take a second. */
const RUNNING_MS = 60_000

export async function tryMutants({ manifest, files, pod, seed, samples, onNews, patience = 1 }: MutantTrial): Promise<MutantCheck> {
  const prepared = await prepareQuery(pod.openDb, manifest, files, seed)
  // Those are for a learner's statement.
  for (const { sessions } of prepared.datasets.values()) sessions?.[Symbol.dispose]()
  const mutants = await allMutants(files[manifest.reference] ?? '', samples.accepted)
  const passed = await runAll({ prepared, manifest, files, seed, mutants, onNews, patience })
  const found = await withSession(pod.openDb, SUPERUSER, prepared.datasets.values().next().value!.database, async session => {
    const tables = await readSchemaFacts(session)
    return { tables, known: await knownRowsOf(prepared, tables) }
  })
  const hunted = await hunt({
    ...found,
    server: prepared,
    manifest,
    reference: await readReference(manifest, files),
    ...samples,
    empty: manifest.datasets.some(({ file }) => laysNothing(files[file] ?? '')),
    seed,
    mutants: passed.survivors,
    patience,
    onNews,
  })
  const shown = ({ rule, position, words, sample }: Wrong) => ({
    rule,
    position,
    words: clip(words, 300),
    ...(sample !== undefined && { sample }),
  })
  const survivors = passed.survivors.filter(mutant => hunted.told.has(mutant))
  const alike = passed.survivors.filter(mutant => !hunted.told.has(mutant))
  const ofSamples = alike.filter(({ sample }) => sample !== undefined)
  return {
    run: passed.killed.length + passed.survivors.length - ofSamples.length,
    killed: passed.killed.length,
    survivors: survivors.map(shown),
    notToldApart: alike.filter(({ sample }) => sample === undefined).map(shown),
    tries: hunted.tries,
    datasets: hunted.datasets.map(({ kills, ...dataset }) => ({ ...dataset, kills: kills.map(mutant => survivors.indexOf(mutant)) })),
    cutShort: passed.cutShort || hunted.cutShort,
  }
}

/** A file of comments only. */
function laysNothing(sql: string): boolean {
  return sql.replaceAll(/--[^\n]*|\/\*.*?\*\//gs, '').trim() === ''
}

async function allMutants(reference: string, accepted: readonly string[]): Promise<Wrong[]> {
  const found: Wrong[] = await mutantsOf(reference)
  const seen = new Set(found.map(({ text }) => text))
  for (const [sample, text] of accepted.entries())
    for (const mutant of await mutantsOf(text, Math.floor(OF_SAMPLES / accepted.length))) {
      if (seen.has(mutant.text)) continue
      seen.add(mutant.text)
      found.push({ ...mutant, sample })
    }
  return found
}

type Ran = { killed: Wrong[]; survivors: Wrong[]; cutShort: boolean }

/** Further seeds from which data sets are drawn: what dies in some gradings only is handed in again until it passes. */
const REDRAWN = 3

async function runAll(running: Running): Promise<Ran> {
  const { prepared, manifest, files, seed, onNews } = running
  const began = now()
  const first = await runOn([...prepared.datasets.values()], running.mutants, running, began)
  let { killed, cutShort } = first
  const survivors = [...first.survivors]
  for (let nth = 1; nth <= REDRAWN && !cutShort; nth++) {
    const ran = await withRedrawn(prepared, manifest, files, seed + nth, datasets => runOn(datasets, killed, running, began))
    cutShort = ran.cutShort
    survivors.push(...ran.survivors)
    killed = killed.filter(mutant => !ran.survivors.includes(mutant))
    onNews(`mutants run on data drawn anew, ${nth} of ${REDRAWN}: ${killed.length} killed, ${survivors.length} pass`)
  }
  return { killed, survivors, cutShort }
}

/** Data sets with few rows come first: most mutants end there, those that are slow on many rows, too. */
async function runOn(
  datasets: readonly PreparedDataset[],
  mutants: readonly Wrong[],
  { prepared, manifest, onNews, patience }: Running,
  began: number,
): Promise<Ran> {
  const size = ({ expected }: PreparedDataset) => (expected as Expected).rows.length
  const smallest = [...datasets].sort((a, b) => size(a) - size(b))
  const killed: Wrong[] = []
  let passing = [...mutants]
  for (const [index, { database, expected }] of smallest.entries()) {
    await using asker = askerIn(prepared, database, manifest)
    const passed: Wrong[] = []
    for (const mutant of passing) {
      const late = now() - began > RUNNING_MS * patience
      // Nothing is said of those that some data set was not asked about.
      if (late) return { killed, survivors: index < smallest.length - 1 ? [] : passed, cutShort: true }
      const verdict = verdictOn(await asker.ask(mutant.text), expected as Expected, manifest)
      if (verdict === 'same') passed.push(mutant)
      // What doesn't end is killed: the limit is the exercise's own, and a learner who hands this in meets it, too.
      else if (verdict !== 'no query') killed.push(mutant)
    }
    passing = passed
    onNews(`mutants run on ${index + 1} of ${smallest.length} data sets: ${killed.length} killed, ${passing.length} pass`)
  }
  return { killed, survivors: passing, cutShort: false }
}

type Running = Required<Pick<MutantTrial, 'manifest' | 'files' | 'seed' | 'onNews' | 'patience'>> & {
  prepared: PreparedQuery
  mutants: readonly Wrong[]
}
