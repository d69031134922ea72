import { grouped } from '../../core/grouped.ts'
import type { Plan, PlanNode } from '../../core/plan.ts'
import { cleanLine } from './clean.ts'
import { table, wrap, type Style } from './layout.ts'
import { count } from './quantities.ts'

const MARK = '▶'

/** A plan as the tree that EXPLAIN prints: each node below the one that asks for its rows, the costly ones marked. */
export function planLines({ nodes, left, buffers, rows }: Plan, style: Style, indent: string): string[] {
  const { colours } = style
  const cells = nodes.flatMap((node, at) => nodeRows(node, branchOf(nodes, at), below(nodes, at)))
  return [
    ...wrap(
      `How it was carried out: ${grouped(buffers)} pages touched, ${grouped(rows)} rows visited. Rows are those of one loop.`,
      style,
      indent,
      '  ',
    ),
    ...table(
      [
        { title: '', paint: shown => colours.red(shown) },
        { title: 'Node' },
        { title: 'Estimated', align: 'right' },
        { title: 'Rows', align: 'right' },
        { title: 'Thrown away', align: 'right' },
        { title: 'Loops', align: 'right' },
        { title: 'Pages', align: 'right' },
      ],
      cells,
      style,
      { indent },
    ),
    ...(left > 0 ? [`${indent}… and ${count(left, 'more node')}`] : []),
  ]
}

function nodeRows(node: PlanNode, branch: string, trunk: string): string[][] {
  const { loops, on, index, part, condition, filter, rowsEstimated, rowsActual, removed = 0, buffers, costly } = node
  const words = [
    part !== undefined && `${cleanLine(part)}:`,
    cleanLine(node.node),
    index !== undefined && `using ${cleanLine(index)}`,
    on !== undefined && `on ${cleanLine(on)}`,
  ]
  const figures =
    loops === 0
      ? [grouped(rowsEstimated), 'never', '', '0', '0']
      : [rowsEstimated, rowsActual, removed, loops, buffers].map((each, at) => (at === 2 && each === 0 ? '' : grouped(each)))
  const details = [
    ...(condition === undefined ? [] : [`by ${cleanLine(condition)}`]),
    ...(filter === undefined ? [] : [`only ${cleanLine(filter)}`]),
  ]
  return [[costly ? MARK : '', branch + words.filter(Boolean).join(' '), ...figures], ...details.map(detail => ['', `${trunk}  ${detail}`])]
}

/** What stands before a node's name: its line from the node above, and past those that have more to come. */
function branchOf(nodes: readonly PlanNode[], at: number): string {
  const { depth } = nodes[at]!
  if (depth === 0) return ''
  return past(nodes, at, depth) + (hasNext(nodes, at, depth) ? '├ ' : '└ ')
}

/** What stands before the lines that belong to a node. */
function below(nodes: readonly PlanNode[], at: number): string {
  const { depth } = nodes[at]!
  const own = depth === 0 ? '' : past(nodes, at, depth) + (hasNext(nodes, at, depth) ? '│ ' : '  ')
  return own + ((nodes[at + 1]?.depth ?? 0) > depth ? '│ ' : '  ')
}

/** No more than a terminal is wide: deeper down the tree no longer moves to the right. */
const DEEPEST = 20

function past(nodes: readonly PlanNode[], at: number, depth: number): string {
  return Array.from({ length: Math.min(depth, DEEPEST) - 1 }, (_, above) => (hasNext(nodes, at, above + 1) ? '│ ' : '  ')).join('')
}

/** Whether another node of this depth follows under the same one. */
function hasNext(nodes: readonly PlanNode[], at: number, depth: number): boolean {
  const next = nodes.slice(at + 1).find(node => node.depth <= depth)
  return next?.depth === depth
}
