import { expect, random, type PaceHttp } from 'assay'

export type Result = { boat: string; points: number }
export type Standing = Result & { rank: number }

/** The board as it must be after these results. */
export function standings(results: readonly Result[]): Standing[] {
  const sums = new Map<string, number>()
  for (const { boat, points } of results) sums.set(boat, (sums.get(boat) ?? 0) + points)
  const boats = [...sums].map(([boat, points]) => ({ boat, points }))
  boats.sort((one, other) => other.points - one.points || (one.boat < other.boat ? -1 : 1))
  const board: Standing[] = []
  for (const [at, each] of boats.entries()) {
    const before = board[at - 1]
    board.push({ ...each, rank: before?.points === each.points ? before.rank : at + 1 })
  }
  return board
}

/** Two results for each of so many boats, in no order; a good part of the sums come more than once. */
export function drawResults(boats: number): Result[] {
  const name = random.word()
  const twice = Array.from({ length: 2 * boats }, (_, at) => ({ boat: `${name} ${at % boats}`, points: random.integer(1, 1000) }))
  return random.shuffle(twice)
}

/** Sends results, 5000 in a request. */
export async function fill(http: PaceHttp, results: readonly Result[]): Promise<void> {
  for (let from = 0; from < results.length; from += 5000)
    expect((await http.post('/results', { json: { results: results.slice(from, from + 5000) } })).status).toBe(200)
}

/** Asks for drawn boats, one after the other, and looks at each answer. */
export async function lookUp(http: PaceHttp, board: readonly Standing[], times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    const standing = random.pick(board)
    const { status, json } = await http.get(`/boats/${encodeURIComponent(standing.boat)}`)
    expect({ status, json }).toEqual({ status: 200, json: standing })
  }
}
