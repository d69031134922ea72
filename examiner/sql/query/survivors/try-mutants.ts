import type { MutantCheck } from '../../../../core/mutant-check.ts'
import type { QueryManifest } from '../../../../core/exercise.ts'
import type { SampleTexts } from '../../../../core/examiner-protocol.ts'
import type { FileMap } from '../../../../core/submission.ts'
import { now } from '../../../now.ts'
import type { Pod } from '../../../pod.ts'
import type { Expected } from '../../comparison/compare.ts'
import { mutantsOf, type Mutant } from '../mutants/mutants.ts'
import { prepareQuery, type PreparedDataset, type PreparedQuery } from '../prepare-query.ts'
import { readReference } from '../reference-answer.ts'
import { SUPERUSER } from '../../roles.ts'
import { withSession } from '../../server.ts'
import { clip } from '../../shown.ts'
import { askerIn, verdictOn } from './asker.ts'
import { hunt } from './hunt.ts'
import { knownRowsOf } from './known-rows.ts'
import { readSchemaFacts } from './schema-facts.ts'

/*
 * Asks of a query exercise what its data sets let pass: every mutant of the reference runs on all of them, on databases
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

/** How long the exercise's own data sets are asked; most exercises take a second. */
const RUNNING_MS = 60_000

export async function tryMutants({ manifest, files, pod, seed, samples, onNews, patience = 1 }: MutantTrial): Promise<MutantCheck> {
  const prepared = await prepareQuery(pod.openDb, manifest, files, seed)
  // Those are for a learner's statement.
  for (const { sessions } of prepared.datasets.values()) sessions?.[Symbol.dispose]()
  const mutants = await mutantsOf(files[manifest.reference] ?? '')
  const passed = await runAll({ prepared, manifest, mutants, onNews, patience })
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
    seed,
    mutants: passed.survivors,
    patience,
    onNews,
  })
  const shown = ({ rule, position, words }: Mutant) => ({ rule, position, words: clip(words, 300) })
  const survivors = passed.survivors.filter(mutant => hunted.told.has(mutant))
  return {
    run: passed.run,
    killed: passed.run - passed.survivors.length,
    survivors: survivors.map(shown),
    notToldApart: passed.survivors.filter(mutant => !hunted.told.has(mutant)).map(shown),
    tries: hunted.tries,
    datasets: hunted.datasets.map(({ kills, ...dataset }) => ({ ...dataset, kills: kills.map(mutant => survivors.indexOf(mutant)) })),
    cutShort: passed.cutShort || hunted.cutShort,
  }
}

type Ran = { run: number; survivors: Mutant[]; cutShort: boolean }

/** Data sets with few rows come first: most mutants end there, those that are slow on many rows, too. */
async function runAll({ prepared, manifest, mutants, onNews, patience }: Running): Promise<Ran> {
  const began = now()
  const size = ({ expected }: PreparedDataset) => (expected as Expected).rows.length
  const smallest = [...prepared.datasets.values()].sort((a, b) => size(a) - size(b))
  let killed = 0
  let passing = [...mutants]
  for (const [index, { database, expected }] of smallest.entries()) {
    await using asker = askerIn(prepared, database, manifest)
    const passed: Mutant[] = []
    for (const mutant of passing) {
      const late = now() - began > RUNNING_MS * patience
      // Nothing is said of those that some data set was not asked about.
      if (late && index < smallest.length - 1) return { run: killed, survivors: [], cutShort: true }
      if (late) return { run: killed + passed.length, survivors: passed, cutShort: true }
      const verdict = verdictOn(await asker.ask(mutant.text), expected as Expected, manifest)
      if (verdict === 'same') passed.push(mutant)
      // What doesn't end is killed: the limit is the exercise's own, and a learner who hands this in meets it, too.
      else if (verdict !== 'no query') killed++
    }
    passing = passed
    onNews(`mutants run on ${index + 1} of ${smallest.length} data sets: ${killed} killed, ${passing.length} pass`)
  }
  return { run: killed + passing.length, survivors: passing, cutShort: false }
}

type Running = Required<Pick<MutantTrial, 'manifest' | 'onNews' | 'patience'>> & { prepared: PreparedQuery; mutants: readonly Mutant[] }
