import { openDockerSandbox } from '../worker/sandbox/docker/docker-sandbox.ts'
import type { SandboxRuntime } from '../worker/sandbox/sandbox.ts'
import { boxSpec, listening, openProgram } from './sandbox/open-program.ts'

/*
 * `node cli/boot.mjs exec tests/measure-box-start.ts`: how long a box takes to open, and until a program listens in it,
 * under runc and gVisor, one after the other so that both meet the same load. Medians, in milliseconds.
 */
const ROUNDS = 15
/** The first ones pay for what the engine then remembers. */
const UNCOUNTED = 2
const RUNTIMES = ['runc', 'runsc'] as const
const sandbox = openDockerSandbox()

const opened: Record<SandboxRuntime, number[]> = { runc: [], runsc: [] }
const listens: Record<SandboxRuntime, number[]> = { runc: [], runsc: [] }
for (let round = 0; round < ROUNDS; round++) {
  for (const runtime of RUNTIMES) {
    const began = performance.now()
    await using box = await sandbox.open(boxSpec({ runtime }), AbortSignal.timeout(60_000))
    opened[runtime].push(performance.now() - began)
    await box[Symbol.asyncDispose]()
    const beganAgain = performance.now()
    await using _program = await openProgram(sandbox, listening(''), { spec: boxSpec({ runtime }) })
    listens[runtime].push(performance.now() - beganAgain)
  }
}
for (const [what, times] of Object.entries({ 'box open': opened, 'program listens': listens })) {
  const [runc, runsc] = [median(times.runc), median(times.runsc)]
  process.stdout.write(`${what}: runc ${runc.toFixed(0)} ms, runsc ${runsc.toFixed(0)} ms, ${(runsc / runc).toFixed(1)} times\n`)
}

function median(times: readonly number[]): number {
  const sorted = times.slice(UNCOUNTED).toSorted((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)]!
}
