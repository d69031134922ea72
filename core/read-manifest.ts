import { LineCounter, isMap, isNode, isScalar, parseDocument, type Document } from 'yaml'
import type { z } from 'zod'
import { InvalidInput, type Finding } from './errors.ts'
import { manifestSchema, KINDS, type Manifest } from './exercise.ts'
import { explainIssue, valueAt } from './explain-issue.ts'

/** exercise.yaml from its text. `file` is only for the words of a fault; throws InvalidInput with every fault and its position. */
export function readManifest(text: string, file: string): Manifest {
  return readYaml(text, file, manifestSchema)
}

/** YAML held to a schema; throws InvalidInput with file, field, line and what was expected. */
export function readYaml<S extends z.ZodType>(text: string, file: string, schema: S): z.output<S> {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, version: '1.2' })
  if (document.errors.length > 0) {
    throw new InvalidInput(
      document.errors.map(error => {
        const { line, col } = lines.linePos(error.pos[0])
        return { file, line, column: col, message: error.message.split(' at line ')[0]! }
      }),
    )
  }
  const value: unknown = toPlain(document, file)
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new InvalidInput(parsed.error.issues.flatMap(issue => findingsOf(issue, value, document, lines, file)))
}

/** Aliases that multiply without end are refused by the parser here, not above. */
function toPlain(document: Document, file: string): unknown {
  try {
    return document.toJS()
  } catch (error) {
    throw new InvalidInput([{ file, message: (error as Error).message }])
  }
}

function findingsOf(issue: z.core.$ZodIssue, value: unknown, document: Document, lines: LineCounter, file: string): Finding[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(key => {
      const path = [...issue.path, key]
      return { file, ...place(document, lines, path), field: path.join('.'), message: 'is unknown here; remove it or mend its name' }
    })
  }
  const isKind = issue.code === 'invalid_union' && issue.path.at(-1) === 'kind'
  // The schema library only says that no kind matched.
  const message = isKind
    ? `expected one of ${KINDS.join(', ')}, got ${JSON.stringify(valueAt(value, issue.path)) ?? 'nothing'}`
    : explainIssue(issue, value)
  return [{ file, ...place(document, lines, issue.path), ...(issue.path.length > 0 && { field: issue.path.join('.') }), message }]
}

/** Where a field of a YAML text stands, by its path ("tasks.0.title"); empty where the text can't be read. */
export function placeInYaml(text: string, field: string): { line?: number; column?: number } {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, version: '1.2' })
  const path = field.split('.').map(part => (/^\d+$/.test(part) ? Number(part) : part))
  return document.errors.length > 0 ? {} : place(document, lines, path)
}

/** Where a field stands: its key if it has one, else the nearest parent that exists. */
function place(document: Document, lines: LineCounter, path: readonly PropertyKey[]): { line?: number; column?: number } {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const parent = depth > 0 ? document.getIn(path.slice(0, depth - 1), true) : undefined
    const top = depth === 1 ? document.contents : parent
    const key = path[depth - 1]
    const pair = isMap(top) ? top.items.find(item => (isScalar(item.key) ? item.key.value : item.key) === key) : undefined
    const node = isNode(pair?.key) ? pair.key : depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true)
    if (isNode(node) && node.range) {
      const { line, col } = lines.linePos(node.range[0])
      return { line, column: col }
    }
  }
  return {}
}
