import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { endOf } from '../cli/errors.ts'
import { createProgress, type Progress } from '../cli/progress.ts'
import { readSetupConfig } from '../cli/setup/config.ts'
import { readRecord } from '../cli/setup/engine/record.ts'
import { provideGVisor } from '../cli/setup/gvisor.ts'
import { redisProgram } from '../cli/setup/redis/redis.ts'
import { setUpBoxes } from './support/set-up.ts'

/*
 * What `npm test` runs: first whatever the tests need on this machine, then types, lint, format and the tests.
 * With arguments only the tests, and the arguments go to vitest: npm test -- tests/core
 */
const ROOT = resolve(import.meta.dirname, '..')
/** Vitest's own account of the run; .ci/run counts from it. */
const REPORT = join(ROOT, '.cache', 'tests.json')

const bin = (name: string) => join(ROOT, 'node_modules', '.bin', name)
const CHECKS = [
  { title: 'Types', script: bin('tsc'), args: [] },
  { title: 'Lint', script: bin('oxlint'), args: ['--type-aware', '--deny-warnings'] },
  { title: 'Format', script: bin('oxfmt'), args: ['--check'] },
]

try {
  process.exitCode = await run(process.argv.slice(2))
} catch (error) {
  const { exitCode, message } = endOf(error)
  if (message) process.stderr.write(`${message}\n`)
  process.exitCode = exitCode
}

async function run(args: readonly string[]): Promise<number> {
  const progress = createProgress()
  mkdirSync(join(ROOT, '.cache'), { recursive: true })
  rmSync(REPORT, { force: true })
  const dockerHost = await setUp(progress)
  const failed: string[] = []
  if (args.length === 0) {
    for (const { title, script, args } of CHECKS) if ((await runNode(script, args)) !== 0) failed.push(title)
    progress.note(failed.length === 0 ? '✓ Types, lint and format' : `✗ ${failed.join(', ')}; the tests run all the same`)
  }
  const vitest = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`, ...args]
  if ((await runNode(bin('vitest'), vitest, { DOCKER_HOST: dockerHost })) !== 0) failed.push('Tests')
  if (failed.length > 0) progress.note(`✗ failed: ${failed.join(', ')}`)
  return failed.length === 0 ? 0 : 1
}

/** An engine, the sandbox images, gVisor and a Redis program; each test starts a Redis of its own. Returns the engine's address. */
async function setUp(progress: Progress): Promise<string> {
  await progress.step('Redis', async step => {
    step.says((await redisProgram(step.log)) ?? 'none installed; tests use a container')
  })
  const dockerHost = await setUpBoxes(progress)
  await progress.step('gVisor', async step => step.says(await setUpGVisor(dockerHost, step.log)))
  return dockerHost
}

/** gVisor changes the engine's configuration: only on an engine that we started. Elsewhere its tests are skipped, with this reason. */
async function setUpGVisor(dockerHost: string, log: (line: string) => void): Promise<string> {
  if (!readRecord()) return 'left as it is on an engine that we didn’t start; npx assay engine gvisor brings it'
  const gvisor = await provideGVisor({ dockerHost, log })
  return gvisor.available ? 'there' : `tests of it are skipped: ${gvisor.reason}`
}

async function runNode(script: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...readSetupConfig().environment, ...env },
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  return code ?? 1
}
