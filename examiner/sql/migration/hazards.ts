import { spawn } from 'node:child_process'
import { z } from 'zod'
import { HINTS, type Hint } from '../../../core/hints.ts'
import type { FileMap } from '../../../core/submission.ts'
import { HAZARD_WORDS, SAID_BY } from './hazard-words.ts'
import type { Step } from '../split.ts'

/*
 * squawk reads what a learner handed in and says what is dangerous about it on a large table in use: hints, never part of a verdict.
 * It is a program of its own in the examiner's box, run beside the tests, with bounds on its memory, time and output.
 * It takes some 10 ms a file.
 * A text that makes it fail, or take too long, gives no hints.
 */
const SQUAWK = '/opt/squawk'
/** Kibibytes of memory and seconds of processor time. The shell sets them for squawk alone. */
const BOUNDED = 'ulimit -v 262144 -t 1; exec "$0" "$@"'
const FILE_MS = 1_000
const ALL_MS = 2_000
const INPUT_BYTES = 256 * 1024
const OUTPUT_BYTES = 1024 * 1024

const findingsSchema = z.array(z.object({ line: z.number().int().min(0), rule_name: z.string() }))

/** Hints about the files of `up`, in the order in which they are run. None where there is no squawk. */
export async function hazardsOf(steps: readonly Step[], submission: FileMap, program: string = SQUAWK): Promise<Hint[]> {
  const hints: Hint[] = []
  const all = AbortSignal.timeout(ALL_MS)
  for (const { up } of steps) {
    const text = submission[up.file] ?? ''
    if (hints.length >= HINTS || all.aborted || Buffer.byteLength(text) > INPUT_BYTES) break
    const said = await ask(program, text, up.wrapped, AbortSignal.any([all, AbortSignal.timeout(FILE_MS)]))
    hints.push(...hintsOf(said, up.file))
  }
  return hints.slice(0, HINTS)
}

function hintsOf(said: string, file: string): Hint[] {
  let found
  try {
    found = findingsSchema.parse(JSON.parse(said))
  } catch {
    return []
  }
  const rulesAt = Map.groupBy(found, ({ line }) => line)
  return [...rulesAt].flatMap(([line, each]) => {
    const rules = new Set(each.map(({ rule_name }) => rule_name))
    return [...rules]
      .filter(rule => Object.hasOwn(HAZARD_WORDS, rule) && !rules.has(SAID_BY[rule] ?? ''))
      .map(rule => ({ rule, file, line: line + 1, message: HAZARD_WORDS[rule]! }))
  })
}

/** What squawk prints of a text; nothing when it can't be started, fails in another way than by findings, or is stopped. */
function ask(program: string, text: string, inTransaction: boolean, signal: AbortSignal): Promise<string> {
  const options = ['--reporter', 'json', '--pg-version', '17.0', ...(inTransaction ? ['--assume-in-transaction'] : [])]
  const { promise, resolve } = Promise.withResolvers<string>()
  const child = spawn('/bin/sh', ['-c', BOUNDED, program, ...options], {
    cwd: '/',
    env: {},
    stdio: ['pipe', 'pipe', 'ignore'],
    signal,
    killSignal: 'SIGKILL',
  })
  let printed = ''
  child.on('error', () => resolve(''))
  child.on('close', () => resolve(printed.length > OUTPUT_BYTES ? '' : printed))
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    printed += chunk
    if (printed.length > OUTPUT_BYTES) child.kill('SIGKILL')
  })
  // It may end before it has read all.
  child.stdin.on('error', () => {})
  child.stdin.end(text)
  return promise
}
