import { spread, type Spread } from '../measure/stats.ts'
import { timed, type Ask } from './ask.ts'

export type Meanwhile = { tookMs: number; asks: Record<string, Spread> }

/** Asks these by turns until the work is over. The longest answer to a request that needs no store is the longest time that the server's process was held. */
export async function askMeanwhile(url: string, asks: Record<string, () => Ask>, work: Promise<unknown>): Promise<Meanwhile> {
  const began = performance.now()
  const over = new AbortController()
  const ended = work.finally(() => over.abort())
  const figures = new Map<string, number[]>(Object.keys(asks).map(name => [name, []]))
  while (!over.signal.aborted) for (const [name, next] of Object.entries(asks)) figures.get(name)!.push((await timed(url, next()))[0])
  await ended
  return { tookMs: performance.now() - began, asks: Object.fromEntries([...figures].map(([name, ms]) => [name, spread(ms)])) }
}
