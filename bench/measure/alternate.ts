export type Round<Name extends string, Figure> = { [name in Name]: (round: number) => Promise<Figure> }

/**
 * Runs each design once per round, one after the other, and returns their figures by name: whatever else the machine does,
 * all designs meet it alike. Each round begins with another design, so that none always comes after the same neighbour.
 * The first `uncounted` rounds pay for what engine and kernel then remember.
 */
export async function alternate<Name extends string, Figure>(
  designs: Round<Name, Figure>,
  {
    rounds,
    uncounted = 1,
    signal,
    onRound,
  }: { rounds: number; uncounted?: number; signal: AbortSignal; onRound?: (round: number, of: number) => void },
): Promise<Record<Name, Figure[]>> {
  const names = Object.keys(designs) as Name[]
  const figures = Object.fromEntries(names.map(name => [name, []])) as unknown as Record<Name, Figure[]>
  for (let round = 0; round < rounds + uncounted; round++) {
    for (const name of rotated(names, round)) {
      signal.throwIfAborted()
      const figure = await designs[name](round)
      if (round >= uncounted) figures[name].push(figure)
    }
    onRound?.(round + 1, rounds + uncounted)
  }
  return figures
}

function rotated<T>(items: readonly T[], by: number): T[] {
  const at = by % Math.max(items.length, 1)
  return [...items.slice(at), ...items.slice(0, at)]
}
