import { LEAST, mostOf, type PlanBudget } from '../../../../core/plan-budget.ts'
import type { Demand } from '../../../../core/plan.ts'
import type { Measured, ReadNode } from './read-plan.ts'

/** Ways to read a table from one end to the other. */
const SEQUENTIAL = new Set(['Seq Scan', 'Sample Scan', 'Tid Range Scan'])

/** The relations that a name of the budget stands for: its own, and where it is partitioned those of its parts. */
export type Named = ReadonlyMap<string, ReadonlySet<string>>

/**
 * What each demand of a budget comes to. The reference was measured on the same rows in the same grading: what it doesn't keep
 * itself, because the planner chose otherwise this time or the author asks for too much, is waived for everybody.
 */
export function holdBudget(budget: PlanBudget, named: Named, measured: Measured, reference: Measured): Demand[] {
  const held = (demand: Demand['demand'], of: string, keeps: (nodes: readonly ReadNode[]) => boolean): Demand => ({
    demand,
    verdict: keeps(measured.nodes) ? 'kept' : keeps(reference.nodes) ? 'broken' : 'waived',
    of,
  })
  const within = (demand: 'buffers' | 'rows', took: number, own: number): Demand[] => {
    const amount = budget[demand]
    if (amount === undefined) return []
    const most = mostOf(amount, own, LEAST[demand])
    return [{ demand, verdict: took <= most ? 'kept' : own <= most ? 'broken' : 'waived', most, took, reference: own }]
  }
  return [
    ...(budget.noSeqScan ?? []).map(table => held('noSeqScan', table, nodes => !nodes.some(node => readsThrough(node, table, named)))),
    ...(budget.usesIndex ?? []).map(index => held('usesIndex', index, nodes => nodes.some(node => uses(node, index, named)))),
    ...within('buffers', measured.buffers, reference.buffers),
    ...within('rows', measured.visited, reference.visited),
  ]
}

/** Whether a node read the table from end to end; one that was never carried out read nothing. */
export function readsThrough({ type, relation, loops }: ReadNode, table: string, named: Named): boolean {
  return SEQUENTIAL.has(type) && loops > 0 && relation !== undefined && relationsOf(table, named).has(relation)
}

function uses({ index, loops }: ReadNode, wanted: string, named: Named): boolean {
  return index !== undefined && loops > 0 && relationsOf(wanted, named).has(index)
}

function relationsOf(name: string, named: Named): ReadonlySet<string> {
  return named.get(name) ?? new Set([name])
}
