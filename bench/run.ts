import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { EXIT } from '../cli/errors.ts'
import { createProgress, type Progress } from '../cli/progress.ts'
import { CASE_NAMES, readCase, type BenchCase } from './cases.ts'
import { measureCase } from './measure-case.ts'
import { runBench } from './measure/command.ts'
import { machineFacts } from './measure/machine.ts'
import { HELP, readOptions, type BenchOptions } from './options.ts'
import { resultPlot } from './plot.ts'
import { measurePods, podLines, type PodFigures } from './pods.ts'
import type { Results } from './results.ts'
import { sizeLines, sizes } from './sizing.ts'
import { setUp, setUpOthers, type Machinery } from './set-up.ts'
import { resultLines } from './tables.ts'

/*
 * `npm run bench`: the same submissions graded by bare processes, by a naive container grader and by Assay, alternating in
 * one run. Progress goes to stderr, the tables to stdout. Whatever it starts or makes is gone at its end, Ctrl-C included.
 */
const POD_ROUNDS = 5
const cores = availableParallelism()

await runBench('bench', async signal => {
  const options = readOptions(process.argv.slice(2), cores)
  if (options) await main(options, signal)
  else process.stdout.write(HELP)
})

async function main(options: BenchOptions, signal: AbortSignal): Promise<void> {
  const { results, pods } = await run(options, createProgress(), signal)
  const json = `${JSON.stringify({ ...results, pods }, undefined, 2)}\n`
  process.stdout.write(options.json ? json : textOf(results, pods))
  if (results.cases.some(({ brokenOff }) => brokenOff !== undefined)) {
    process.exitCode = EXIT.failed
    return
  }
  if (!options.write) return
  await writeFile(join(import.meta.dirname, 'results.json'), json)
  await writeFile(join(import.meta.dirname, 'results.svg'), resultPlot(results))
}

function textOf(results: Results, pods: readonly PodFigures[]): string {
  const largest = Math.max(0, ...pods.map(({ bytes }) => Object.values(bytes).reduce((sum, each) => sum + each, 0)))
  const servers = largest > 0 ? sizes(results.cases, results.machine.cores, largest) : undefined
  const parts = [resultLines(results), pods.length > 0 && podLines(pods), servers && sizeLines(servers)]
  return `${parts.filter(Boolean).join('\n\n')}\n`
}

async function run(asked: BenchOptions, progress: Progress, signal: AbortSignal): Promise<{ results: Results; pods: PodFigures[] }> {
  // Everything below is ended when this scope is left: what it returns must be awaited within.
  await using things = new AsyncDisposableStack()
  const machinery = await setUp(progress)
  const cases = await progress.step('Exercises', () => Promise.all(asked.cases.map(name => readCase(name, machinery.sandbox, signal))))
  const pods = asked.pods ? await progress.step('Pods that wait', step => podsOf(cases, machinery, step.log, signal)) : []
  const others = await setUpOthers(cases.length > 0 ? asked.designs : [], cases, { ...machinery, progress, things, signal })
  const results: Results = {
    takenAt: new Date().toISOString(),
    command: ['npm run bench', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(' '),
    machine: await machineFacts(machinery),
    commit: await commit(),
    naive: others.naive?.containers.words,
    sandboxRuntime: machinery.sandboxRuntime,
    rounds: asked.rounds,
    windowMs: asked.windowMs,
    cases: [],
  }
  for (const of of cases)
    results.cases.push(await progress.step(of.title, step => measureCase({ of, options: asked, machinery, others, step, cores, signal })))
  return { results, pods }
}

async function podsOf(
  asked: readonly BenchCase[],
  machinery: Machinery,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<PodFigures[]> {
  const names = CASE_NAMES.slice(0, 4)
  const cases = asked.length > 0 ? asked : await Promise.all(names.map(name => readCase(name, machinery.sandbox, signal)))
  const found: PodFigures[] = []
  for (const of of cases.filter(({ name }) => names.includes(name))) {
    log(of.name)
    found.push(await measurePods(of, POD_ROUNDS, machinery, signal))
  }
  return found
}

async function commit(): Promise<string | undefined> {
  const { stdout } = await promisify(execFile)('git', ['rev-parse', '--short', 'HEAD'], { cwd: import.meta.dirname }).catch(() => ({
    stdout: '',
  }))
  return stdout.trim() || undefined
}
