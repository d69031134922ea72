import type { A_Expr, Node, SelectStmt } from 'libpg-query'
import { operatorOf } from './operators.ts'

/** A node of a statement's tree, and where it stands. */
export type Place = {
  /** The grammar's name, such as "A_Expr". */
  kind: string
  /** What it holds. */
  node: object
  /** What to replace where something of another kind shall stand here: the node with its name around it. */
  whole: object
  /** The byte of the source where the first part of it stands that knows its place. */
  location: number
  /** The SELECTs around it, the innermost first. */
  selects: readonly SelectStmt[]
  /** The fields that lead here from the innermost SELECT, or from the statement. */
  way: readonly string[]
  /** Whether it is the statement itself. */
  top: boolean
  /** Whether it is compared with something, or counts rows: a bound, not a number to reckon with. */
  compared: boolean
}

/** What holds no expression: names and types. */
const CLOSED = new Set(['typeName', 'fields', 'funcname', 'name', 'usingClause', 'alias', 'colnames'])
/** Nodes that the tree holds without their name around them. */
const BARE: Record<string, string> = { larg: 'SelectStmt', rarg: 'SelectStmt', over: 'WindowDef', withClause: 'WithClause' }

/** Every node, the outer before the inner, in the order in which the tree holds them. */
export function* placesOf(tree: Node): Generator<Place> {
  yield* visit(tree, { selects: [], way: [], top: true, compared: false })
}

type Around = Pick<Place, 'selects' | 'way' | 'top' | 'compared'>

function* visit(value: unknown, around: Around): Generator<Place> {
  if (Array.isArray(value)) for (const each of value) yield* visit(each, around)
  const named = unwrap(value)
  if (named) yield* visitNode(named.kind, named.node, value as object, around)
}

function* visitNode(kind: string, node: object, whole: object, around: Around): Generator<Place> {
  yield { kind, node, whole, location: locationOf(whole) ?? 0, ...around }
  const selects = kind === 'SelectStmt' ? [node as SelectStmt, ...around.selects] : around.selects
  const way = kind === 'SelectStmt' ? [] : around.way
  for (const [field, value] of Object.entries(node)) {
    if (CLOSED.has(field)) continue
    const inside = { selects, way: [...way, field], top: false, compared: field === 'limitCount' || isCompared(kind, node, around) }
    const bare = BARE[field]
    if (bare && value && !unwrap(value)) yield* visitNode(bare, value as object, value as object, inside)
    else yield* visit(value, inside)
  }
}

const COMPARING = new Set(['=', '<>', '<', '<=', '>', '>='])
/** What of these is compared is their result, not what stands in them. */
const RESULTS = new Set(['CaseExpr', 'CoalesceExpr', 'FuncCall', 'ResTarget', 'SelectStmt', 'SubLink'])

function isCompared(kind: string, node: object, { compared }: Around): boolean {
  if (kind === 'WindowDef') return true
  if (kind === 'A_Expr') {
    const { kind: form } = node as A_Expr
    if (form === 'AEXPR_NULLIF') return false
    return compared || form !== 'AEXPR_OP' || COMPARING.has(operatorOf(node))
  }
  return compared && !RESULTS.has(kind)
}

/** A node without the name around it: `{ A_Expr: { … } }` is an A_Expr. */
export function unwrap(value: unknown): { kind: string; node: object } | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const [[kind, node] = ['', undefined], second] = Object.entries(value) as [string, unknown][]
  return second === undefined && /^[A-Z]/.test(kind) && typeof node === 'object' && node !== null ? { kind, node } : undefined
}

/** The first byte of the source that any part of a tree says it stands at. Joins and ORDER BYs say none of their own. */
export function locationOf(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  let first: number | undefined
  for (const [field, inner] of Object.entries(value)) {
    const at = field === 'location' ? (inner as number) : locationOf(inner)
    if (at !== undefined && at >= 0 && (first === undefined || at < first)) first = at
  }
  return first
}

/** The tree with another object in the place of one of its own; it shares all that stayed the same. */
export function swapped<T>(tree: T, old: object, by: object): T {
  if (tree === old) return by as T
  if (typeof tree !== 'object' || tree === null) return tree
  if (Array.isArray(tree)) {
    const items = tree.map(item => swapped<unknown>(item, old, by))
    return items.some((item, index) => item !== tree[index]) ? (items as T) : tree
  }
  const fields = Object.entries(tree).map(([field, value]) => [field, swapped<unknown>(value, old, by)] as const)
  return fields.some(([field, value]) => value !== tree[field as keyof T]) ? (Object.fromEntries(fields) as T) : tree
}

/** A list without one of its items. */
export function without<T>(list: readonly T[], item: T): T[] {
  return list.filter(each => each !== item)
}
