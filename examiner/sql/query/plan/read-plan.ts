/*
 * Reads what EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) prints into a list of nodes, parents before children. A learner's
 * statement may have thousands of nodes, nested as deep as PostgreSQL takes it: nothing here goes down by calling itself.
 */
export type ReadNode = {
  depth: number
  parent: number | undefined
  /** PostgreSQL's own name of the kind, and the one that EXPLAIN's text form prints. */
  type: string
  title: string
  /** Only of nodes that read a table; `reads` names whatever is read, also a CTE or a function. */
  relation: string | undefined
  reads: string | undefined
  index: string | undefined
  part: string | undefined
  condition: string | undefined
  filter: string | undefined
  /** Of one loop: PostgreSQL tells their mean, rounded. */
  rowsEstimated: number
  rowsActual: number
  removed: number
  loops: number
  /** Pages touched in all loops, found in shared memory or read into it: with its children, and by itself. */
  buffers: number
  ownBuffers: number
  /** Rows visited in all loops, by itself. */
  visited: number
}

/** Of all nodes together. Which pages were in memory already doesn't change `buffers`. */
export type Measured = { nodes: ReadNode[]; buffers: number; visited: number }

type Json = Record<string, unknown>

/** Undefined where the text is no plan. */
export function readPlan(text: string): Measured | undefined {
  const [explained] = JSON.parse(text) as [{ Plan?: Json }?]
  if (!explained?.Plan) return undefined
  const nodes: ReadNode[] = []
  const waiting: { json: Json; depth: number; parent: number | undefined }[] = [{ json: explained.Plan, depth: 0, parent: undefined }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { json, depth, parent } = next
    const place = nodes.push(nodeOf(json, depth, parent)) - 1
    const children = Array.isArray(json.Plans) ? (json.Plans as Json[]) : []
    // The last in is the first out.
    for (const child of children.toReversed()) waiting.push({ json: child, depth: depth + 1, parent: place })
  }
  // A CTE or an InitPlan is counted both where it stands and where it is first asked for: less than nothing is nothing.
  for (const { parent, buffers } of nodes) if (parent !== undefined) nodes[parent]!.ownBuffers -= buffers
  for (const node of nodes) node.ownBuffers = Math.max(0, node.ownBuffers)
  return { nodes, buffers: nodes[0]!.buffers, visited: nodes.reduce((sum, { visited }) => sum + visited, 0) }
}

function nodeOf(json: Json, depth: number, parent: number | undefined): ReadNode {
  const type = word(json['Node Type']) ?? ''
  const loops = number(json['Actual Loops'])
  const rowsActual = number(json['Actual Rows'])
  const removed = number(json['Rows Removed by Filter']) + number(json['Rows Removed by Index Recheck'])
  const apart = number(json['Rows Removed by Join Filter'])
  const buffers = number(json['Shared Hit Blocks']) + number(json['Shared Read Blocks'])
  const relation = word(json['Relation Name'])
  return {
    depth,
    parent,
    type,
    title: titleOf(type, json),
    relation,
    reads: relation ?? word(json['CTE Name']) ?? word(json['Function Name']) ?? (type === 'Subquery Scan' ? word(json.Alias) : undefined),
    index: word(json['Index Name']),
    part: word(json['Subplan Name']),
    condition: firstWord(json, ['Index Cond', 'Hash Cond', 'Merge Cond', 'TID Cond', 'Join Filter', 'One-Time Filter']),
    filter: word(json.Filter),
    rowsEstimated: number(json['Plan Rows']),
    rowsActual,
    removed: removed + apart,
    loops,
    buffers,
    ownBuffers: buffers,
    visited: visited(type, loops, rowsActual + removed, apart),
  }
}

/**
 * The rows that a node has looked at: what a scan reads, given on or thrown away, and what comes again from rows put by
 * (Materialize, a CTE); of a join the pairs that its condition threw away. Each look-up counts as one at least, also one
 * that finds nothing, since a mean below a half is printed as 0.
 */
function visited(type: string, loops: number, read: number, apart: number): number {
  const reads = READS_ROWS.test(type) && type !== 'Bitmap Index Scan' && type !== 'Subquery Scan'
  return loops * ((reads ? Math.max(1, read) : 0) + apart)
}

const READS_ROWS = /Scan$|^Materialize$/

function titleOf(type: string, json: Json): string {
  const join = word(json['Join Type'])
  if (join && join !== 'Inner') return `${type.replace(/ Join$/, '')} ${join} Join`
  if (type === 'Aggregate' && json.Strategy === 'Hashed') return 'HashAggregate'
  if (type === 'Aggregate' && json.Strategy === 'Sorted') return 'GroupAggregate'
  return json['Scan Direction'] === 'Backward' ? `${type} Backward` : type
}

function firstWord(json: Json, names: readonly string[]): string | undefined {
  return names.map(name => word(json[name])).find(found => found !== undefined)
}

function word(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function number(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0
}
