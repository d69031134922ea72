import type { FileMap } from '../../core/submission.ts'
import { parseSql, withoutMark, type Statement } from './parse.ts'
import { refuse, type Refusal } from './words/refusal.ts'

/** One file of a migration, split by the grammar. Of each statement's tree nothing is kept: those of many files would fill the box. */
export type Script = {
  file: string
  statements: Omit<Statement, 'node'>[]
  /** Whether we put a transaction around it: unless it asks for none, or brings its own. */
  wrapped: boolean
}

/** A migration's steps, in the order of `up`. */
export type Step = { up: Script; down: Script }

const NO_TRANSACTION = /^--\s*assay:\s*no-transaction$/
const STEP = /^steps\/(\d+)([^/]*)\.(up|down)\.sql$/

/** The name that a step's file gives it: "expand" for steps/01-expand.up.sql. */
export function stepOf(file: string): string {
  return file.replace(/^steps\/\d+[-_]?/, '').replace(/\.(up|down)\.sql$/, '')
}

/** The learner's files as steps: `up.sql` and `down.sql`, or `steps/NN-name.up.sql` each with its `.down.sql`. */
export async function readSteps(files: FileMap): Promise<Step[] | Refusal> {
  const pairs = pairFiles(Object.keys(files).sort())
  if ('refused' in pairs) return pairs
  const steps: Step[] = []
  for (const pair of pairs) {
    const up = await readScript(pair.up, files[pair.up]!)
    if ('refused' in up) return up
    const down = await readScript(pair.down, files[pair.down]!)
    if ('refused' in down) return down
    if (up.statements.length === 0) return refuse('empty', `${up.file} holds no statement.`)
    steps.push({ up, down })
  }
  return steps
}

function pairFiles(paths: readonly string[]): { up: string; down: string }[] | Refusal {
  const numbered = paths.map(path => ({ path, match: STEP.exec(path) }))
  const inFolder = numbered.filter(({ match }) => match)
  const other = numbered.filter(({ match }) => !match).map(({ path }) => path)
  const stranger = other.find(path => path !== 'up.sql' && path !== 'down.sql')
  if (stranger !== undefined) {
    return refuse('unknown_file', `${stranger} is none of up.sql, down.sql, steps/NN-name.up.sql and steps/NN-name.down.sql.`)
  }
  if (inFolder.length === 0) {
    const missing = ['up.sql', 'down.sql'].find(path => !paths.includes(path))
    return missing
      ? refuse('missing_file', `${missing} is missing: a migration needs its way forward and its way back.`)
      : [{ up: 'up.sql', down: 'down.sql' }]
  }
  if (other.length > 0) return refuse('two_forms', `Expected either up.sql and down.sql or files in steps/, got both (${other[0]}).`)
  const steps = Map.groupBy(inFolder, ({ match }) => Number(match![1]))
  const pairs: { up: string; down: string }[] = []
  for (const [number, own] of [...steps].sort(([a], [b]) => a - b)) {
    const [up, down] = ['up', 'down'].map(way => own.filter(({ match }) => match![3] === way))
    if (up!.length > 1 || down!.length > 1 || (up![0] && down![0] && up![0].match![2] !== down![0].match![2])) {
      return refuse('two_steps', `Two steps have the number ${number}: ${own.map(({ path }) => path).join(', ')}.`)
    }
    if (!up![0] || !down![0]) {
      const [there, way] = up![0] ? [up![0].path, 'down'] : [down![0]!.path, 'up']
      return refuse('missing_file', `${there} has no .${way}.sql beside it: every step needs its way forward and its way back.`)
    }
    pairs.push({ up: up![0].path, down: down![0].path })
  }
  return pairs
}

async function readScript(file: string, content: string): Promise<Script | Refusal> {
  const text = withoutMark(content)
  const parsed = await parseSql(text)
  if (parsed.fault) return refuse(parsed.fault.code, parsed.fault.message, { file, text, position: parsed.fault.position })
  const copy = parsed.statements.find(({ kind, node }) => kind === 'CopyStmt' && node.is_from === true && !node.filename)
  if (copy) {
    const message = 'COPY … FROM STDIN has nobody to read from: statements are run one by one. Use INSERT.'
    return refuse('copy_from_stdin', message, { file, text, position: copy.offset + 1 })
  }
  const wrapped = !startsWithMark(text) && !parsed.statements.some(isOwnTransaction)
  return { file, statements: parsed.statements.map(({ text, kind, offset }) => ({ text, kind, offset })), wrapped }
}

/** The mark stands in the comments before the first statement. */
function startsWithMark(text: string): boolean {
  const head = /^(?:\s+|--[^\n]*(?:\n|$))*/.exec(text)?.[0] ?? ''
  // Line by line: over all of them \s* takes the square of a run of empty lines.
  return head.split('\n').some(line => NO_TRANSACTION.test(line.trim()))
}

const OWN = new Set(['TRANS_STMT_BEGIN', 'TRANS_STMT_START', 'TRANS_STMT_COMMIT', 'TRANS_STMT_ROLLBACK'])

function isOwnTransaction({ kind, node }: Statement): boolean {
  return kind === 'TransactionStmt' && OWN.has(String(node.kind))
}
