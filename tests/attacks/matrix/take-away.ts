import { execFile } from 'node:child_process'
import { readSetupConfig } from '../../../cli/setup/config.ts'
import type { Line } from '../account.ts'
import type { Control, Evidence } from './control.ts'
import type { Copy } from './copy.ts'

/** What a box of a tree sees of its walls; box-facts.ts. */
export type Facts = Record<string, unknown>

/** What shows the control's absence, in words; undefined when nothing does. */
export async function takeAway(control: Control, copy: Copy, intact: Facts): Promise<string | undefined> {
  using _gone = copy.takeAway(control.takeAway)
  if (control.takeAway.some(({ file }) => file.startsWith('sandbox-images/'))) await node(copy, ['cli/main.ts', 'images'])
  for (const evidence of control.shownBy) {
    const shown = await look(evidence, copy, intact)
    if (shown !== undefined) return shown
  }
  return undefined
}

async function look(evidence: Evidence, copy: Copy, intact: Facts): Promise<string | undefined> {
  if ('fact' in evidence) {
    const { fact } = evidence
    if (!(fact in intact)) throw new Error(`there is no fact "${fact}"; see facts-inside.mjs`)
    const now = (await factsOf(copy))[fact]
    return JSON.stringify(now) === JSON.stringify(intact[fact]) ? undefined : `${fact}: ${change(words(intact[fact]), words(now))}`
  }
  if ('attacks' in evidence) {
    const { stdout } = await node(copy, ['tests/attacks/run.ts', '--only', evidence.attacks.join(','), '--singly', '--no-benign', '--json'])
    const escaped = (JSON.parse(stdout || '[]') as Line[]).filter(({ state }) => state === 'escaped')
    return escaped.length === 0 ? undefined : escaped.map(({ what, note }) => `${what} gets through: ${note}`).join('; ')
  }
  const { test, named } = evidence
  if (!(await passes(copy, test, named))) return `test fails: ${test}${named === undefined ? '' : `, “${named}”`}`
  return undefined
}

/** Tests that are to show something must pass while everything stands. Throws for one that doesn't. */
export async function checkTests(controls: readonly Control[], copy: Copy): Promise<void> {
  const tests = new Set(controls.flatMap(({ shownBy }) => shownBy).flatMap(evidence => ('test' in evidence ? [evidence.test] : [])))
  for (const test of tests) if (!(await passes(copy, test, undefined))) throw new Error(`${test} fails with nothing taken away`)
}

async function passes(copy: Copy, test: string, named: string | undefined): Promise<boolean> {
  // The first failure says it; what hangs without its control is not waited for longer than any test takes.
  const options = ['--passWithNoTests=false', '--bail=1', '--testTimeout=40000', ...(named === undefined ? [] : ['-t', named])]
  const { code } = await node(copy, ['node_modules/vitest/vitest.mjs', 'run', test, ...options])
  return code === 0
}

export async function factsOf(copy: Copy): Promise<Facts> {
  const { stdout, stderr, code } = await node(copy, ['tests/attacks/matrix/box-facts.ts'])
  // A box that the engine refuses without the control has no facts, which is one.
  if (code !== 0) throw new Error(`box-facts.ts ended with code ${code}: ${stderr.slice(-500)}`)
  return JSON.parse(stdout) as Facts
}

/** What shows a hang, not slowness: a build of an image may be part of it. */
const TAKES_AT_MOST = 300_000

function node({ folder }: Copy, args: readonly string[]): Promise<{ stdout: string; stderr: string; code: number }> {
  const { environment } = readSetupConfig()
  return new Promise(done => {
    const options = { cwd: folder, env: environment, maxBuffer: 64 * 1024 ** 2, timeout: TAKES_AT_MOST }
    const child = execFile(process.execPath, [...args], options, (_, stdout, stderr) => done({ stdout, stderr, code: child.exitCode ?? 1 }))
  })
}

const words = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

/** Of two texts the words in which they differ. */
function change(before: string, after: string): string {
  const [was, is] = [before.split(/[\s,]+/), after.split(/[\s,]+/)]
  const gone = was.filter(word => !is.includes(word))
  const come = is.filter(word => !was.includes(word))
  return `${gone.join(' ') || 'nothing'} → ${come.join(' ') || 'nothing'}`
}
