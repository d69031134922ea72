import { z } from 'zod'

/*
 * The plan of a learner's statement as it was carried out on one data set, and what its budget says of it. Figures are
 * those of EXPLAIN (ANALYZE, BUFFERS). Conditions are the statement's own, as PostgreSQL prints them: they hold the
 * constants of its text and never a row's value, since what is worked out while it runs is shown as a parameter.
 */
const text = (max: number) => z.string().max(max)
const figure = z.number().min(0)

export const planNodeSchema = z.strictObject({
  /** How many nodes stand above it: the tree is told in the order in which EXPLAIN prints it. */
  depth: z.number().int().min(0).max(1000),
  /** As EXPLAIN names it: "Seq Scan", "Hash Left Join". */
  node: text(100),
  /** What it reads: a table, a CTE, a function. */
  on: text(200).optional(),
  index: text(200).optional(),
  /** "InitPlan 1", "SubPlan 2", "CTE free": a part that is carried out apart. */
  part: text(200).optional(),
  /** By what it finds or joins. */
  condition: text(300).optional(),
  /** By what it throws rows away that it has read. */
  filter: text(300).optional(),
  /** Of one loop, as the planner thought and as it was; `removed`: read and thrown away. */
  rowsEstimated: figure,
  rowsActual: figure,
  removed: figure.optional(),
  /** 0: never carried out. */
  loops: figure,
  /** Pages touched in all loops, with what stands below it. */
  buffers: figure,
  /** The node to look at: what breaks the budget, or what costs most. */
  costly: z.boolean().optional(),
})
export type PlanNode = z.infer<typeof planNodeSchema>

/** `kept`, `broken`, or `waived`: the reference itself didn't keep it this time, so nobody is held to it. */
export const demandSchema = z.strictObject({
  demand: z.enum(['noSeqScan', 'usesIndex', 'buffers', 'rows']),
  verdict: z.enum(['kept', 'broken', 'waived']),
  /** The table or index. */
  of: text(63).optional(),
  /** For buffers and rows: what is allowed, what it took, and what the reference took. */
  most: figure.optional(),
  took: figure.optional(),
  reference: figure.optional(),
})
export type Demand = z.infer<typeof demandSchema>

export const planSchema = z.strictObject({
  nodes: z.array(planNodeSchema).max(80),
  /** Nodes that are not told, since there are too many. */
  left: z.number().int().min(0),
  /** Pages touched, and rows visited, by all of it. */
  buffers: figure,
  rows: figure,
  demands: z.array(demandSchema).max(50),
})
export type Plan = z.infer<typeof planSchema>
