import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Api } from '../../cli/client/api.ts'
import { submit } from '../../cli/client/submissions.ts'
import { readLibrary } from '../../core/read-library.ts'
import { readSamples } from '../../core/read-samples.ts'
import { runtimesOf } from '../../core/runtimes.ts'
import type { FileMap } from '../../core/submission.ts'

export type Handed = { exercise: string; files: FileMap; runtime: string; outcome: string }

/** The library's accepted samples, one of each exercise by turns: endpoints with and without a database, a query, a migration. */
export async function mixOf(library: string): Promise<Handed[]> {
  const { exercises } = await readLibrary(library)
  return Promise.all(
    exercises.map(async ({ slug, folder, manifest }) => {
      const sample = (await readSamples(folder)).find(each => each.outcome === 'accepted')
      if (!sample) throw new Error(`${slug} has no accepted sample`)
      return { exercise: slug, files: sample.files, runtime: sample.expects.runtime ?? runtimesOf(manifest)[0]!, outcome: sample.outcome }
    }),
  )
}

/** A submission when all is over. */
export type Ended = {
  id: string
  expected: string
  outcome: string | null
  state: string
  createdAt: number
  finishedAt: number
  gradings: Grading[]
}

const gradingSchema = z.looseObject({
  id: z.string(),
  state: z.string(),
  outcome: z.string().nullable(),
  counted: z.boolean(),
  message: z.string().nullable(),
  workerId: z.string().nullable(),
})
export type Grading = z.infer<typeof gradingSchema>

const submissionSchema = z.looseObject({
  id: z.string(),
  state: z.string(),
  outcome: z.string().nullable(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
})
const pageOf = <Item extends z.ZodType>(item: Item) => z.looseObject({ items: z.array(item) })

/** How many at a time are handed in: as fast as they are taken in, without a hundred open requests. */
const AT_ONCE = 8
const LOOK_EVERY_MS = 200

/** Hands in `count` submissions of the mix; resolves with their ids and what each should come to, once all are taken in. */
export async function handIn(api: Api, mix: readonly Handed[], count: number, signal: AbortSignal): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  const left = Array.from({ length: count }, (_, index) => mix[index % mix.length]!).values()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const { outcome, ...submission } of left) ids.set((await submit(api, { ...submission, mode: 'submit' }, signal)).id, outcome)
    }),
  )
  return ids
}

/** Resolves when nothing waits and nothing runs any more. */
export async function allOver(api: Api, signal: AbortSignal): Promise<void> {
  while ((await some(api, 'queued', signal)).length > 0 || (await some(api, 'running', signal)).length > 0)
    await sleep(LOOK_EVERY_MS, undefined, { signal })
}

/** Ids of the newest submissions in this state, at most a hundred. */
export async function some(api: Api, state: 'queued' | 'running', signal: AbortSignal): Promise<string[]> {
  const answer = await api.send('GET', `/submissions?state=${state}&limit=100`, { signal })
  return pageOf(z.looseObject({ id: z.string() }))
    .parse(answer)
    .items.map(({ id }) => id)
}

export async function gradingsOf(api: Api, id: string, signal: AbortSignal): Promise<Grading[]> {
  return pageOf(gradingSchema).parse(await api.send('GET', `/submissions/${id}/gradings`, { signal })).items
}

/** What became of each, asked once all is over. */
export async function ends(api: Api, ids: ReadonlyMap<string, string>, signal: AbortSignal): Promise<Ended[]> {
  const found: Ended[] = []
  for (const [id, expected] of ids) {
    const { state, outcome, createdAt, finishedAt } = submissionSchema.parse(await api.send('GET', `/submissions/${id}`, { signal }))
    const gradings = await gradingsOf(api, id, signal)
    found.push({ id, expected, outcome, state, createdAt: Date.parse(createdAt), finishedAt: Date.parse(finishedAt ?? ''), gradings })
  }
  return found
}

/** Counted for a whole group: nothing may be lost, nothing may get two verdicts. */
export type Count = { handedIn: number; finished: number; asExpected: number; gradedOnce: number }

export function count(ended: readonly Ended[]): Count {
  const verdicts = ({ gradings }: Ended) => gradings.filter(grading => grading.state === 'finished' && grading.counted)
  return {
    handedIn: ended.length,
    finished: ended.filter(({ state }) => state === 'finished').length,
    asExpected: ended.filter(({ outcome, expected }) => outcome === expected).length,
    gradedOnce: ended.filter(each => verdicts(each).length === 1).length,
  }
}

export function added(one: Count, other: Count): Count {
  return Object.fromEntries(Object.entries(one).map(([name, value]) => [name, value + other[name as keyof Count]])) as Count
}
