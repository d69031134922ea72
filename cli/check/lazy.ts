import type { Finding } from '../../core/errors.ts'
import { checkFiles } from '../../core/files.ts'
import type { Exercise } from '../../core/read-exercise.ts'
import type { Report } from '../../core/report.ts'
import type { SubmissionRuntime } from '../../core/runtimes.ts'
import type { FileMap } from '../../core/submission.ts'
import { said } from './hold-sample.ts'
import { points } from '../render/quantities.ts'

/** What a learner can hand in without having solved anything. None of them may earn a point. */
export type LazySubmission = {
  name: string
  /** In the words of a finding: "a program that …". */
  does: string
  runtime: SubmissionRuntime
  files: FileMap
}

/** A program for any entry file, be it a module or not. */
const serving = (answer: string) =>
  `import('node:http').then(({ createServer }) => createServer((request, response) => { ${answer} }).listen(Number(process.env.PORT)))\n`

const PROGRAMS = [
  ['always-200', 'answers 200 and {} to everything', "response.writeHead(200, { 'content-type': 'application/json' }).end('{}')"],
  ['empty-list', 'answers 200 and [] to everything', "response.writeHead(200, { 'content-type': 'application/json' }).end('[]')"],
  ['always-404', 'answers 404 to everything', 'response.writeHead(404).end()'],
  ['always-500', 'answers 500 to everything', 'response.writeHead(500).end()'],
  [
    'echo',
    'answers 200 with the body that it got',
    "response.writeHead(200, { 'content-type': request.headers['content-type'] ?? 'application/json' }); request.pipe(response)",
  ],
] as const

/** The lazy submissions of an exercise's kind. (Of a statement that changes rows, and of a runtime that isn't ours to write, there are none.) */
export function lazySubmissions({ manifest, bundle, starter }: Pick<Exercise, 'manifest' | 'bundle' | 'starter'>): LazySubmission[] {
  if (manifest.kind === 'migration') {
    const both = (name: string) => ({ [`${name}up.sql`]: 'SELECT 1;\n', [`${name}down.sql`]: 'SELECT 1;\n' })
    const files = [both(''), both('steps/01-nothing.')].find(some => checkFiles(some, manifest.limits, manifest.editable).length === 0)
    return files ? [{ name: 'nothing', does: 'changes nothing', runtime: 'sql', files }] : []
  }
  if (manifest.kind === 'query') {
    const reference = bundle.files[manifest.reference]?.trim().replace(/;$/, '')
    if (manifest.statement !== 'select' || reference === undefined) return []
    const [name = 'query.sql'] = Object.keys(starter.sql ?? {})
    const files = { [name]: `SELECT * FROM (\n${reference}\n) AS answer LIMIT 0\n` }
    return [{ name: 'no-rows', does: 'gives the right columns and no rows', runtime: 'sql', files }]
  }
  const { node } = manifest.runtimes
  if (!node) return []
  return PROGRAMS.map(([name, does, answer]) => ({ name, does, runtime: 'node', files: { [node.entry]: serving(answer) } }))
}

/** What is wrong when a lazy submission was graded; `folder` is the exercise's. */
export function holdLazy(folder: string, { name, does }: LazySubmission, report: Report): Finding[] {
  const { outcome, score, tests } = report
  // Then nothing was proven.
  if (outcome === 'grader_error' || outcome === 'invalid_submission')
    return [{ file: folder, message: `lazy/${name} could not be graded: ${said(report)}` }]
  if (score.earned === 0) return []
  const paid = tests.filter(test => test.earned > 0).map(test => test.id)
  const message = `whoever ${does} earns ${points(score.earned)} of ${points(score.possible)}: let ${paid.join(', ')} ask for something that was drawn, or give 0 points`
  return [{ file: folder, message }]
}
