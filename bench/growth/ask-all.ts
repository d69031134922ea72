import { spread, type Spread } from '../measure/stats.ts'
import { heartbeat, timed } from './ask.ts'
import type { Endpoint } from './endpoints.ts'

export type Answered = { name: string; goal: boolean; ms: Spread }

/** One request at a time, all endpoints by turns: each meets the cache as the others leave it. */
export async function askAll(
  url: string,
  endpoints: readonly Endpoint[],
  { rounds, signal, onRound }: { rounds: number; signal: AbortSignal; onRound: (round: number) => void },
): Promise<Answered[]> {
  const figures = new Map<string, { goal: boolean; ms: number[] }>()
  for (let round = 0; round < rounds; round++) {
    // The server hears of a worker in time, as ever.
    await timed(url, heartbeat())
    for (const { name, goal, next } of endpoints)
      for (const ask of next()) {
        signal.throwIfAborted()
        const [ms] = await timed(url, ask)
        const figure = figures.get(ask.name ?? name) ?? { goal, ms: [] }
        figures.set(ask.name ?? name, figure)
        figure.ms.push(ms)
      }
    onRound(round + 1)
  }
  return [...figures].map(([name, { goal, ms }]) => ({ name, goal, ms: spread(ms) }))
}
