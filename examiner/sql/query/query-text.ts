import type { QueryManifest } from '../../../core/exercise.ts'
import type { FileMap } from '../../../core/submission.ts'
import { parseSql, withoutMark, type Statement } from '../parse.ts'
import { refuse, type Refusal } from '../words/refusal.ts'

/** The learner's one statement, or why there is none. Nothing is run to decide this. */
export async function readQuery(files: FileMap, statement: QueryManifest['statement']): Promise<Statement | Refusal> {
  const paths = Object.keys(files)
  const [path] = paths
  if (path === undefined || paths.length > 1) return refuse('one_file', `Expected one file with one statement, got ${paths.length} files.`)
  const text = withoutMark(files[path]!)
  const parsed = await parseSql(text)
  if (parsed.fault) return refuse(parsed.fault.code, parsed.fault.message, { file: path, text, position: parsed.fault.position })
  const [only, second] = parsed.statements
  if (!only) return refuse('empty', `${path} holds no statement.`)
  const where = (at: Statement) => ({ file: path, text, position: at.offset + 1 })
  if (second)
    return refuse('one_statement', `Expected one statement, got ${parsed.statements.length}; the second begins here.`, where(second))
  const fault = statement === 'select' ? selectFault(only) : changeFault(only)
  return fault ? refuse('wrong_statement', fault, where(only)) : only
}

function selectFault({ kind, node }: Statement): string | undefined {
  if (kind !== 'SelectStmt') return `This exercise asks for a SELECT, got ${nameOf(kind)}.`
  return node.intoClause
    ? "This exercise asks for a SELECT that returns rows; SELECT … INTO makes a table, which isn't asked for."
    : undefined
}

const CHANGES = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'])

function changeFault({ kind, node }: Statement): string | undefined {
  if (CHANGES.has(kind)) return undefined
  if (kind !== 'SelectStmt') return `This exercise asks for one INSERT, UPDATE, DELETE or MERGE, got ${nameOf(kind)}.`
  const parts = (node.withClause as { ctes?: { CommonTableExpr?: { ctequery?: Record<string, unknown> } }[] } | undefined)?.ctes ?? []
  const changes = parts.some(part => Object.keys(part.CommonTableExpr?.ctequery ?? {}).some(name => CHANGES.has(name)))
  return changes ? undefined : 'This exercise asks for a statement that changes rows: INSERT, UPDATE, DELETE or MERGE, got SELECT.'
}

/** "CreateTableAsStmt" as a person says it: "CREATE TABLE AS". */
function nameOf(kind: string): string {
  return kind
    .replace(/Stmt$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toUpperCase()
}
