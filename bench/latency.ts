import type { DesignName, Graded, OpenDesign } from './design.ts'
import { alternate } from './measure/alternate.ts'

export type Designs = Partial<Record<DesignName, OpenDesign>>

/**
 * One submission at a time, each design in turn. Before each one everything that any design makes ahead or clears away is
 * done, so that none is measured while another works behind it.
 */
export async function measureLatency(
  designs: Designs,
  { rounds, signal, onRound }: { rounds: number; signal: AbortSignal; onRound: (round: number, of: number) => void },
): Promise<Partial<Record<DesignName, Graded[]>>> {
  const all = Object.entries(designs) as [DesignName, OpenDesign][]
  const calm = () => Promise.all(all.map(([, design]) => design.ready()))
  const turns = all.map(([name, design]) => [name, async () => (await calm(), await once(design))] as const)
  return alternate(Object.fromEntries(turns), { rounds, uncounted: 2, signal, onRound })
}

async function once(design: OpenDesign): Promise<Graded> {
  const graded = await design.grade()
  await graded.removed
  return graded
}
