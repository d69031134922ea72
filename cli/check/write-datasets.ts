import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { appendToList } from '../../core/append-to-list.ts'
import type { QueryManifest } from '../../core/exercise.ts'
import type { MutantCheck } from '../../core/mutant-check.ts'
import type { Exercise } from '../../core/read-exercise.ts'
import type { Sample } from '../../core/read-samples.ts'
import { acceptedSamples, wrongSamples } from './mutants.ts'

type AddedDataset = Pick<QueryManifest['datasets'][number], 'id' | 'name' | 'task' | 'file' | 'visibility' | 'category'>

/** exercise.yaml takes no more. */
const MOST = 40

/** What a learner hears when such a data set fails. */
const CATEGORIES: Record<string, string> = {
  'join-kind': 'rows without a partner',
  'on-moved-to-where': 'rows without a partner',
  'where-moved-to-on': 'rows without a partner',
  'comparison-bound': 'values at a boundary',
  'constant-boundary': 'values at a boundary',
  'null-handling': 'missing values',
  'not-in': 'missing values',
  'nulls-order': 'missing values',
  'count-star': 'missing values',
  'distinct-dropped': 'duplicates',
  'distinct-added': 'duplicates',
  'union-all': 'duplicates',
  'group-by-column': 'groups',
  'window-frame': 'rows that tie',
  'window-partition': 'groups',
  'ranking-swap': 'rows that tie',
  'order-dropped': 'the order of the rows',
  'order-reversed': 'the order of the rows',
  'limit-ties': 'rows that tie',
  'limit-dropped': 'how many rows there are',
}
const OTHERWISE = 'an unusual case'

/**
 * Adds the data sets that kill survivors to an exercise: `datasets/generated-N.sql` and, at the end of exercise.yaml's list, an entry
 * that is hidden and carries no points, in the task of the first data set. Gives the paths of the new files.
 */
export async function writeDatasets(
  { folder, manifest, bundle }: Exercise,
  samples: readonly Sample[],
  check: MutantCheck,
): Promise<string[]> {
  const { datasets, reference } = manifest as QueryManifest
  const taken = new Set(datasets.flatMap(({ id, file }) => [id, file]))
  const files: { path: string; sql: string }[] = []
  const entries: AddedDataset[] = []
  const accepted = acceptedSamples(samples)
  const failing = new Map<Sample, string[]>()
  let number = 1
  for (const { sql, kills, fails } of check.datasets.slice(0, Math.max(0, MOST - datasets.length))) {
    while (taken.has(`generated-${number}`) || taken.has(fileOf(number)) || fileOf(number) in bundle.files) number++
    const survivors = kills.map(index => check.survivors[index]!)
    const why = survivors.map(
      ({ words, sample }) => `--   ${oneLine(words)}${sample === undefined ? '' : `, in ${accepted[sample]!.path}`}`,
    )
    files.push({ path: fileOf(number), sql: `-- Tells ${reference} from the same query with\n${why.join('\n')}\n${sql}\n` })
    entries.push({
      id: `generated-${number}`,
      name: `Generated ${number}: ${oneLine(survivors[0]!.words)}`.slice(0, 200).toWellFormed(),
      task: datasets[0]!.task,
      file: fileOf(number),
      visibility: 'hidden',
      category: CATEGORIES[survivors[0]!.rule] ?? OTHERWISE,
    })
    for (const sample of fails.flatMap(index => wrongSamples(samples)[index] ?? []))
      failing.set(sample, [...(failing.get(sample) ?? []), `generated-${number}`])
    number++
  }
  if (entries.length === 0) return []
  const manifestFile = join(folder, 'exercise.yaml')
  for (const { path, sql } of files) await writeFile(join(folder, path), sql)
  await append(manifestFile, 'datasets', entries)
  for (const [sample, ids] of failing) if (sample.expects.fails?.length) await append(join(sample.folder, 'sample.yaml'), 'fails', ids)
  return files.map(({ path }) => path)
}

async function append(file: string, field: string, items: readonly unknown[]): Promise<void> {
  await writeFile(file, appendToList(await readFile(file, 'utf8'), field, items))
}

function fileOf(number: number): string {
  return `datasets/generated-${number}.sql`
}

/** What stands in a comment must not end it. */
function oneLine(words: string): string {
  return words.replaceAll(/\s+/g, ' ')
}
