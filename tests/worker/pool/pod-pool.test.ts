import Docker from 'dockerode'
import { pino } from 'pino'
import { beforeAll, expect, test } from 'vitest'
import type { Report } from '../../../core/report.ts'
import type { TestFact } from '../../../core/tests-list.ts'
import { collectTests } from '../../../worker/grading/collect-tests.ts'
import { gradeSubmission } from '../../../worker/grading/grade-submission.ts'
import { PodPool } from '../../../worker/pool/pod-pool.ts'
import { openDockerSandbox } from '../../../worker/sandbox/docker/docker-sandbox.ts'
import type { Box, Sandbox } from '../../../worker/sandbox/sandbox.ts'
import { greeter, greeterServer } from '../../support/greeter.ts'

/* Pods made ahead, with real boxes: who takes one gets it ready and alone, and what is wrong with one is nobody's trouble. */
const docker = new Docker()
const engine = openDockerSandbox()
const bundle = greeter()
const kind = { bundle, runtime: 'node', sandboxRuntime: 'runc' } as const
let tests: TestFact[]
beforeAll(async () => {
  tests = await collectTests(engine, bundle, new AbortController().signal)
})

/** The engine, noting each box; `away`: from then on it makes none. */
function watched(): Sandbox & { boxes: Box[]; away: boolean } {
  const sandbox = {
    boxes: [] as Box[],
    away: false,
    facts: () => engine.facts(),
    reap: () => engine.reap(),
    open: async (...given: Parameters<Sandbox['open']>) => {
      if (sandbox.away) throw new Error('the engine was asked for a box')
      const box = await engine.open(...given)
      sandbox.boxes.push(box)
      return box
    },
  }
  return sandbox
}

function openPool(sandbox: Sandbox, slots = 2): PodPool {
  return new PodPool({ sandbox, slots, memoryBytes: 4 * 1024 ** 3, log: pino({ level: 'silent' }) })
}

async function grade(pool: PodPool, sandbox: Sandbox, given: { seed?: number; keepSeed?: boolean } = {}): Promise<Report> {
  await using graded = await gradeSubmission({
    ...kind,
    sandbox,
    pods: pool,
    tests,
    mode: 'submit',
    seed: 1,
    keepSeed: false,
    files: greeterServer(),
    signal: new AbortController().signal,
    onEvent: () => {},
    ...given,
  })
  return graded.report
}

async function isThere(box: Box): Promise<boolean> {
  return docker
    .getContainer(box.id)
    .inspect()
    .then(
      () => true,
      () => false,
    )
}

test('a grading takes a pod that is ready, without a word to the engine, and reports its seed', async () => {
  const sandbox = watched()
  await using pool = openPool(sandbox)
  pool.offer([kind])
  await pool.full()
  expect(pool.figures()).toMatchObject({ ready: 1, made: 1 })
  sandbox.away = true
  const report = await grade(pool, sandbox, { seed: -1 })
  expect(report).toMatchObject({ outcome: 'accepted' })
  expect(report.seed).toBeGreaterThanOrEqual(0)
  expect(pool.figures()).toMatchObject({ taken: { ready: 1, awaited: 0, cold: 0 } })
})

test('no box serves two gradings', async () => {
  const sandbox = watched()
  await using pool = openPool(sandbox)
  pool.offer([kind])
  await pool.full()
  const first = [...sandbox.boxes]
  await grade(pool, sandbox)
  expect(await Promise.all(first.map(isThere))).toEqual(first.map(() => false))
  await pool.full()
  const firstIds = new Set(first.map(box => box.id))
  const second = sandbox.boxes.filter(box => !firstIds.has(box.id))
  expect(await Promise.all(second.map(isThere))).toEqual(second.map(() => true))
  expect(second.length).toBeGreaterThan(0)
})

test('a retry has its own seed, and so a pod of its own', async () => {
  const sandbox = watched()
  await using pool = openPool(sandbox)
  pool.offer([kind])
  await pool.full()
  expect(await grade(pool, sandbox, { seed: 4711, keepSeed: true })).toMatchObject({ outcome: 'accepted', seed: 4711 })
  expect(pool.figures().taken).toEqual({ ready: 0, awaited: 0, cold: 1 })
})

test('a grading that comes while a pod is made takes that one', async () => {
  const sandbox = watched()
  await using pool = openPool(sandbox)
  pool.offer([kind])
  expect(pool.figures()).toMatchObject({ making: 1 })
  expect(await grade(pool, sandbox)).toMatchObject({ outcome: 'accepted' })
  expect(pool.figures().taken).toEqual({ ready: 0, awaited: 1, cold: 0 })
})

test.each<[Box['role'], string, (box: Docker.Container) => Promise<unknown>]>([
  ['subject', 'ended', box => box.kill()],
  ['subject', 'fell silent', box => box.pause()],
  ['examiner', 'ended', box => box.kill()],
  ['examiner', 'fell silent', box => box.pause()],
])('a pod whose %s’s box %s while it waited is thrown away, not handed out', async (role, _, harm) => {
  const sandbox = watched()
  await using pool = openPool(sandbox)
  pool.offer([kind])
  await pool.full()
  const harmed = sandbox.boxes.find(box => box.role === role)!
  await harm(docker.getContainer(harmed.id))
  expect(await grade(pool, sandbox)).toMatchObject({ outcome: 'accepted' })
  expect(pool.figures()).toMatchObject({ taken: { ready: 0 }, discarded: 1 })
  await pool.full()
  expect(await isThere(harmed)).toBe(false)
})

test('while gradings have every place, none is made ahead', async () => {
  const sandbox = watched()
  await using pool = openPool(sandbox, 1)
  const pod = await pool.take({ ...kind, seed: 1, keepSeed: false }, new AbortController().signal)
  pool.offer([kind])
  expect(pool.figures()).toMatchObject({ making: 0, inUse: 1 })
  await pod[Symbol.asyncDispose]()
  expect(pool.figures()).toMatchObject({ making: 1, inUse: 0 })
})

test('an exercise that is no longer offered loses its pods, and a closed pool keeps none', async () => {
  const sandbox = watched()
  const pool = openPool(sandbox)
  pool.offer([kind])
  await pool.full()
  pool.offer([])
  expect(pool.figures()).toMatchObject({ ready: 0 })
  pool.offer([kind])
  await pool.full()
  expect(pool.figures()).toMatchObject({ ready: 1 })
  await pool[Symbol.asyncDispose]()
  expect(await Promise.all(sandbox.boxes.map(isThere))).toEqual(sandbox.boxes.map(() => false))
})

test('who no longer wants a pod doesn’t wait for it', async () => {
  const sandbox = watched()
  await using pool = openPool(sandbox)
  pool.offer([kind])
  const stop = new AbortController()
  const taking = pool.take({ ...kind, seed: 1, keepSeed: false }, stop.signal)
  stop.abort(new Error('cancelled'))
  await expect(taking).rejects.toThrow('cancelled')
  await pool.full()
  const { ready, inUse } = pool.figures()
  expect(ready).toBeGreaterThan(0)
  expect(inUse).toBe(0)
})

test('an exercise that can’t be prepared is told to who asks, and not tried again at once', async () => {
  const sandbox = watched()
  await using pool = openPool(sandbox)
  const broken = { ...kind, bundle: greeter({ files: { 'tests/hidden/broken.test.ts': 'throw new Error("no")' } }) }
  pool.offer([broken])
  await pool.full()
  expect(pool.figures()).toMatchObject({ ready: 0, making: 0, failed: 1 })
  await expect(pool.take({ ...broken, seed: 1, keepSeed: false }, new AbortController().signal)).rejects.toMatchObject({
    code: 'EXERCISE_BROKEN',
  })
})
