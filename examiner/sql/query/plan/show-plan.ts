import type { Demand, Plan, PlanNode } from '../../../../core/plan.ts'
import { clip, shownName } from '../../shown.ts'
import { readsThrough, type Named } from './hold-budget.ts'
import type { Measured, ReadNode } from './read-plan.ts'

const SHOWN = 60
const MARKED = 5

/** A measured plan as the report holds it, with the nodes marked that a learner should look at. */
export function shownPlan({ nodes, buffers, visited }: Measured, demands: readonly Demand[], named: Named): Plan {
  const costly = new Set(costlyNodes(nodes, demands, named))
  const shown = nodes.filter((node, place) => place < SHOWN || costly.has(node))
  return {
    nodes: shown.map(node => shownNode(node, costly.has(node))),
    left: nodes.length - shown.length,
    buffers,
    rows: visited,
    demands: [...demands],
  }
}

/** What reads a table that may not be read through; else what costs most of that which was too much; else of pages. */
function costlyNodes(nodes: readonly ReadNode[], demands: readonly Demand[], named: Named): ReadNode[] {
  const broken = demands.filter(({ verdict }) => verdict === 'broken')
  const tables = broken.flatMap(({ demand, of }) => (demand === 'noSeqScan' && of !== undefined ? [of] : []))
  const through = nodes.filter(node => tables.some(table => readsThrough(node, table, named)))
  if (through.length > 0) return through.slice(0, MARKED)
  const byRows = broken.some(({ demand }) => demand === 'rows') && !broken.some(({ demand }) => demand === 'buffers')
  const cost = (node: ReadNode) => (byRows ? node.visited : node.ownBuffers)
  // Of equals the first: a CTE stands before the node that asks for it, and has its pages counted there, too.
  const [first, ...rest] = nodes
  const most = rest.reduce((most, node) => (cost(node) > cost(most) ? node : most), first!)
  return cost(most) > 0 ? [most] : []
}

function shownNode(node: ReadNode, costly: boolean): PlanNode {
  const { depth, title, reads, index, part, condition, filter, rowsEstimated, rowsActual, removed, loops, buffers } = node
  return {
    depth: Math.min(depth, 1000),
    node: clip(title, 100),
    ...(reads !== undefined && { on: shownName(reads) }),
    ...(index !== undefined && { index: shownName(index) }),
    ...(part !== undefined && { part: shownName(part) }),
    ...(condition !== undefined && { condition: clip(condition, 300) }),
    ...(filter !== undefined && { filter: clip(filter, 300) }),
    rowsEstimated,
    rowsActual,
    ...(removed > 0 && { removed }),
    loops,
    buffers,
    ...(costly && { costly }),
  }
}
