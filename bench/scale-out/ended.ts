import { z } from 'zod'
import type { Api } from '../../cli/client/api.ts'
import { gradingsOf, type Grading, type Handed } from './hand-in.ts'

/** A submission when all is over. */
export type Ended = {
  id: string
  exercise: string
  expected: string
  outcome: string | null
  state: string
  createdAt: number
  finishedAt: number
  gradings: Grading[]
}

const submissionSchema = z.looseObject({
  id: z.string(),
  state: z.string(),
  outcome: z.string().nullable(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
})
/** What became of each, asked once all is over. */
export async function ends(api: Api, ids: ReadonlyMap<string, Handed>, signal: AbortSignal): Promise<Ended[]> {
  const found: Ended[] = []
  for (const [id, { exercise, outcome: expected }] of ids) {
    const { state, outcome, createdAt, finishedAt } = submissionSchema.parse(await api.send('GET', `/submissions/${id}`, { signal }))
    const gradings = await gradingsOf(api, id, signal)
    found.push({
      id,
      exercise,
      expected,
      outcome,
      state,
      createdAt: Date.parse(createdAt),
      finishedAt: Date.parse(finishedAt ?? ''),
      gradings,
    })
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

/** Those with another outcome than their label's, in words. */
export function unexpected(ended: readonly Ended[]): string[] {
  return ended
    .filter(({ outcome, expected }) => outcome !== expected)
    .map(({ id, exercise, expected, outcome, gradings }) => {
      const tries = gradings.map(grading => `${grading.outcome ?? grading.state} by ${grading.workerId}: ${grading.message ?? 'no word'}`)
      return `${exercise} (${id}): expected ${expected}, got ${outcome}; ${tries.join('; ')}`
    })
}

export function added(one: Count, other: Count): Count {
  return Object.fromEntries(Object.entries(one).map(([name, value]) => [name, value + other[name as keyof Count]])) as Count
}
