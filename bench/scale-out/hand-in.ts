import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Api } from '../../cli/client/api.ts'
import { submit } from '../../cli/client/submissions.ts'
import { readLibrary } from '../../core/read-library.ts'
import { readSamples } from '../../core/read-samples.ts'
import { runtimesOf } from '../../core/runtimes.ts'
import type { FileMap } from '../../core/submission.ts'

export type Handed = { exercise: string; files: FileMap; runtime: string; outcome: string }

/** Accepted samples of a folder of exercises, one of each exercise by turns: endpoints with and without a database, a query, a migration. */
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

const gradingSchema = z.looseObject({
  id: z.string(),
  state: z.string(),
  outcome: z.string().nullable(),
  counted: z.boolean(),
  message: z.string().nullable(),
  workerId: z.string().nullable(),
})
export type Grading = z.infer<typeof gradingSchema>

const pageOf = <Item extends z.ZodType>(item: Item) => z.looseObject({ items: z.array(item) })

/** How many at a time are handed in: as fast as they are taken in, without a hundred open requests. */
const AT_ONCE = 8
const LOOK_EVERY_MS = 200

/** Hands in `count` submissions of the mix; resolves with them by their ids, once all are taken in. */
export async function handIn(api: Api, mix: readonly Handed[], count: number, signal: AbortSignal): Promise<Map<string, Handed>> {
  const ids = new Map<string, Handed>()
  const left = Array.from({ length: count }, (_, index) => mix[index % mix.length]!).values()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const handed of left) {
        const { exercise, files, runtime } = handed
        ids.set((await submit(api, { exercise, files, runtime, mode: 'submit' }, signal)).id, handed)
      }
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
