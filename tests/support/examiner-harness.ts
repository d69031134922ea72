import { spawn } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { connect } from 'node:net'
import { join, resolve } from 'node:path'
import type { Duplex } from 'node:stream'
import { makeBundle, type Bundle } from '../../core/bundle.ts'
import {
  fromExaminerSchema,
  type ControlAction,
  type ExaminerJob,
  type FromExaminer,
  type ToExaminer,
} from '../../core/examiner-protocol.ts'
import { manifestSchema } from '../../core/exercise.ts'
import { join as joinStreams } from '../../core/join.ts'
import { jsonLine, jsonLines } from '../../core/lines.ts'
import { Mux } from '../../core/mux.ts'
import type { TestResult } from '../../core/report.ts'
import type { FileMap, Mode } from '../../core/submission.ts'
import { testPlan } from '../../worker/grading/test-plan.ts'
import { withoutTypes } from '../../worker/pod/without-types.ts'
import { tempFolder } from './temp-folder.ts'

const ROOT = resolve(import.meta.dirname, '../..')
/** The flags that sandbox-images/examiner/Dockerfile starts it with. */
const AS_IN_ITS_BOX = ['--max-old-space-size=320']
export type Assay = { folder: string; main: string }
const FROM_SOURCES: Assay = { folder: ROOT, main: 'examiner/main.ts' }
export const NONCE = 'n'.repeat(32)

/** The rest of the pod, as the harness stands in for it. */
export type PodEnds = {
  /** Called with each connection that the examiner opens to the subject; a number is a local port. */
  subject?: number | ((stream: Duplex) => void)
  /** The same with the exercise's reference. */
  reference?: (stream: Duplex) => void
  /** A PostgreSQL server's Unix socket. */
  database?: string
  /** Does what the examiner asks for; what it throws goes back to the examiner. */
  control?: (action: ControlAction) => Promise<void> | void
  /** Everything the examiner says, as it comes. */
  heard?: (message: FromExaminer, examiner: ExaminerProcess) => void
}

/**
 * The real examiner, as a process of its own with an exercise folder in a temporary place, and this process as its worker.
 */
export class ExaminerProcess implements AsyncDisposable {
  readonly #folder = tempFolder()
  readonly #child
  readonly #stream: Duplex
  readonly #exited: Promise<unknown>
  readonly #ends: PodEnds
  stderr = ''
  /** Set when something but frames came on its stdout. */
  broken: Error | undefined

  /** `assay`: the examiner to start, and the folder that its tests import as "assay". */
  constructor(ends: PodEnds = {}, assay: Assay = FROM_SOURCES) {
    this.#ends = ends
    mkdirSync(join(this.#folder.path, 'node_modules'))
    symlinkSync(assay.folder, join(this.#folder.path, 'node_modules', 'assay'))
    this.#child = spawn(process.execPath, [...AS_IN_ITS_BOX, join(assay.folder, assay.main), this.folder], { stdio: 'pipe' })
    this.#child.stderr.on('data', chunk => (this.stderr += String(chunk)))
    this.#exited = new Promise(settle => this.#child.once('exit', settle))
    const mux = new Mux({
      side: 'host',
      input: this.#child.stdout,
      output: this.#child.stdin,
      onStream: (name, stream) => this.#wire(name, stream),
      onBroken: reason => (this.broken = reason),
    })
    this.#stream = mux.open('examiner')
  }

  /** Where the exercise is laid. */
  get folder(): string {
    return join(this.#folder.path, 'exercise')
  }

  get pid(): number {
    return this.#child.pid!
  }

  get exitCode(): number | null {
    return this.#child.exitCode
  }

  say(message: ToExaminer): void {
    this.#stream.write(jsonLine(message))
  }

  /** What it says, until its last word; requests of the pod are answered on the way. */
  async *messages(): AsyncGenerator<FromExaminer> {
    for await (const line of jsonLines(this.#stream, { maxLine: 1024 ** 2, maxTotal: 64 * 1024 ** 2 })) {
      const message = fromExaminerSchema.parse(line)
      this.#ends.heard?.(message, this)
      if (message.type === 'control') await this.#control(message.request, message.action)
      yield message
      if (['collected', 'end', 'broken'].includes(message.type)) return
    }
    throw new Error(`the examiner ended without a last word: ${this.stderr}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin.end()
    // Node's own exit can wait forever for its compiler's threads (nodejs/node#54918); in a box the container's removal ends it.
    const late = setTimeout(() => this.#child.kill('SIGKILL'), 5_000)
    await this.#exited
    clearTimeout(late)
    this.#folder[Symbol.dispose]()
  }

  async #control(request: number, action: ControlAction): Promise<void> {
    try {
      await this.#ends.control?.(action)
      this.say({ type: 'control-done', request })
    } catch (error) {
      this.say({ type: 'control-done', request, error: (error as Error).message })
    }
  }

  #wire(name: string, stream: Duplex): void {
    const { subject, reference, database } = this.#ends
    if (name === 'subject' && typeof subject === 'number') joinStreams(stream, connect(subject, '127.0.0.1'))
    else if (name === 'subject' && subject) (subject as (stream: Duplex) => void)(stream)
    else if (name === 'reference' && reference) reference(stream)
    else if (name === 'db' && database) joinStreams(stream, connect(database))
    else stream.destroy()
  }
}

const MANIFEST = {
  kind: 'endpoint',
  title: 'Sample',
  difficulty: 'easy',
  tasks: [
    { id: 'one', title: 'One' },
    { id: 'two', title: 'Two' },
  ],
  editable: ['**'],
  runtimes: { node: { entry: 'server.js' } },
}

/** A bundle of these files; `manifest` adds to an endpoint's with tasks "one" and "two". */
export function bundleOf(files: FileMap, manifest: Record<string, unknown> = {}): Bundle {
  return makeBundle('sample', manifestSchema.parse({ ...MANIFEST, ...manifest }), files)
}

/** One hidden file of tests, from the code inside it: `test('…', facts, …)` with `import { test, expect } …` already there. */
export function hiddenFile(code: string): FileMap {
  return { 'tests/hidden/a.test.ts': `import { test, expect, fc, random } from 'assay'\n${code}` }
}

type Last<Type extends FromExaminer['type']> = Extract<FromExaminer, { type: Type }>

/** The list of a bundle's tests, or why there is none. */
export async function collect(bundle: Bundle, assay?: Assay): Promise<Last<'collected'> | Last<'broken'>> {
  await using examiner = new ExaminerProcess({}, assay)
  examiner.say(jobOf(bundle, { jobMode: 'collect' }))
  for await (const message of examiner.messages()) {
    if (message.type === 'collected' || message.type === 'broken') return message
  }
  throw new Error('no list came')
}

export type Grading = {
  messages: FromExaminer[]
  results: Record<string, TestResult>
  end: Last<'end'> | undefined
  broken: Last<'broken'> | undefined
  stderr: string
}

/** Collects, then grades from the first word to the last. */
export async function grade(
  bundle: Bundle,
  ends: PodEnds = {},
  { seed = 7, mode = 'submit', submission = {}, assay }: { seed?: number; mode?: Mode; submission?: FileMap; assay?: Assay } = {},
): Promise<Grading> {
  const list = await collect(bundle, assay)
  if (list.type === 'broken') return { messages: [list], results: {}, end: undefined, broken: list, stderr: '' }
  await using examiner = new ExaminerProcess(ends, assay)
  examiner.say(jobOf(bundle, { jobMode: 'grade', seed }))
  const messages: FromExaminer[] = []
  for await (const message of examiner.messages()) {
    messages.push(message)
    if (message.type === 'ready') examiner.say({ type: 'begin', submission, plan: testPlan(list.tests, mode, seed) })
  }
  if (examiner.broken) throw examiner.broken
  const end = messages.find(message => message.type === 'end')
  const broken = messages.find(message => message.type === 'broken')
  const results = Object.fromEntries((end?.results ?? []).map(result => [result.id, result]))
  return { messages, results, end, broken, stderr: examiner.stderr }
}

type JobParts = { jobMode: ExaminerJob['jobMode']; seed?: number }

export function jobOf(bundle: Bundle, { jobMode, seed = 7 }: JobParts): ExaminerJob {
  return { type: 'job', nonce: NONCE, jobMode, bundle, seed, ...(jobMode === 'grade' && { javascript: withoutTypes(bundle) }) }
}
