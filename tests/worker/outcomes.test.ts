import { describe, expect, test } from 'vitest'
import type { Bundle } from '../../core/bundle.ts'
import type { FileMap } from '../../core/submission.ts'
import type { GradingEvent } from '../../core/worker-api.ts'
import { gradeLocally } from '../../worker/grade-local.ts'
import { openDockerSandbox } from '../../worker/sandbox/docker/docker-sandbox.ts'
import { greeter, greeterServer } from '../support/greeter.ts'

/*
 * Every outcome, for real: a program in a box, the examiner in another. What a program does stands in the table.
 */
const sandbox = openDockerSandbox({})
const grade = (files: FileMap, bundle: Bundle = greeter()) => gradeLocally({ sandbox, exercise: { bundle }, files, seed: 4711 })
const statuses = (report: Awaited<ReturnType<typeof grade>>) => Object.fromEntries(report.tests.map(each => [each.id, each.status]))

test('accepted: every test passed, and the report says with what', async () => {
  const report = await grade(greeterServer({ before: 'console.log("starting")' }))
  expect(report).toMatchObject({ outcome: 'accepted', fault: 'none', score: { earned: 10, possible: 10 } })
  expect(report.images).toMatchObject({ subject: expect.stringMatching(/^sha256:/), examiner: expect.stringMatching(/^sha256:/) })
  expect(report.output?.all).toContain('starting')
})

test('followers hear of the first start only: starts between hidden files would tell how long each took', async () => {
  const phases: string[] = []
  const onEvent = (event: GradingEvent) => void (event.type === 'progress' && phases.push(event.phase))
  await gradeLocally({ sandbox, exercise: { bundle: greeter() }, files: greeterServer(), onEvent })
  expect(phases).toEqual(['preparing', 'starting', 'testing'])
})

test('accepted: a folder that nobody may enter doesn’t keep the program from being started again', async () => {
  const locked = 'const fs = require("fs"); fs.mkdirSync("/tmp/locked/inside", { recursive: true }); fs.chmodSync("/tmp/locked", 0)'
  expect(await grade(greeterServer({ before: locked }))).toMatchObject({ outcome: 'accepted' })
})

test('accepted: what is printed where frames belong gets there nowhere, since no other process’s output is open to a program', async () => {
  const forging = `
    const { readdirSync, writeFileSync } = require('node:fs')
    for (const pid of readdirSync('/proc').filter(name => Number(name) > 0 && Number(name) !== process.pid)) {
      try {
        writeFileSync('/proc/' + pid + '/fd/1', 'garbage garbage')
        console.log('OPEN', pid)
      } catch (error) {
        console.log('shut', error.code)
      }
    }`
  const report = await grade(greeterServer({ before: forging }))
  expect(report).toMatchObject({ outcome: 'accepted' })
  expect(report.output?.all).toMatch(/^(?:shut EACCES\n)+$/)
})

test('accepted: started by the exercise’s own command', async () => {
  const needsFlag = greeterServer({ before: 'if (!process.execArgv.includes("--throw-deprecation")) process.exit(3)' })
  expect(await grade(needsFlag, greeter({ command: ['node', '--throw-deprecation', 'server.js'] }))).toMatchObject({ outcome: 'accepted' })
})

/** And waits until every thread of it has stopped: one may still be passing answers on when another hears of the signal. */
const STOP_AGENT = `if (!name) {
  process.kill(process.ppid, 'SIGSTOP')
  const fs = require('fs'), threads = '/proc/' + process.ppid + '/task/'
  while (fs.readdirSync(threads).some(thread => !fs.readFileSync(threads + thread + '/stat', 'utf8').includes(') T '))) {}
}`

describe('the learner’s failures', () => {
  test.each([
    ['a wrong status', 'wrong_answer', { onRequest: 'if (!name) return response.end("")' }, 4],
    ['ending before it listens', 'start_error', { before: 'console.error("no config"); process.exit(3)' }, 0],
    ['a syntax error', 'start_error', { before: 'const = 3' }, 0],
    ['ending at a request', 'runtime_error', { onRequest: 'if (!name) process.exit(9)' }, 0],
    [
      'ending in the last test before a restart',
      'runtime_error',
      { onRequest: 'globalThis.asked = (globalThis.asked ?? 0) + 1; if (name === "Ada" && asked === 2) process.exit(7)' },
      0,
    ],
    ['killing itself', 'runtime_error', { onRequest: 'if (!name) process.kill(process.pid, "SIGKILL")' }, 0],
    ['killing everything in its box', 'runtime_error', { onRequest: 'if (!name) process.kill(-1, "SIGKILL")' }, 0],
    ['never answering', 'time_limit', { onRequest: 'if (!name) return' }, 4],
    ['stopping the box’s agent', 'time_limit', { onRequest: STOP_AGENT }, 0],
    ['spinning', 'time_limit', { onRequest: 'if (!name) for (;;) {}' }, 0],
    [
      'filling memory outside the heap',
      'memory_limit',
      { onRequest: 'if (!name) { globalThis.all = []; for (;;) all.push(Buffer.alloc(8 << 20, 1)) }' },
      0,
    ],
    [
      'filling the heap',
      'memory_limit',
      { onRequest: 'if (!name) { const all = []; for (;;) all.push(new Array(1000).fill(Math.random())) }' },
      0,
    ],
    [
      'filling a heap of its own choice, which ends Node by another signal',
      'memory_limit',
      {
        onRequest:
          'if (!name) { new (require("worker_threads").Worker)("", { eval: true, resourceLimits: { maxOldGenerationSizeMb: 1 } }); return }',
      },
      0,
    ],
    [
      'leaving the box’s agent no file to open, so that nothing can be started again',
      'start_error',
      {
        onRequest:
          'if (name === "Ada") require("child_process").spawnSync("perl", ["-e", `my $few = pack "QQ", 5, 5; syscall ${process.arch === "arm64" ? 261 : 302}, ${process.ppid}, 7, $few, 0`])',
      },
      0,
    ],
    [
      'a child that the kernel kills',
      'memory_limit',
      { before: 'require("child_process").spawnSync(process.execPath, ["-e", "const all=[];for(;;)all.push(Buffer.alloc(8<<20,1))"])' },
      10,
    ],
    ['printing without end', 'output_limit', { onRequest: 'if (!name) for (;;) require("fs").writeSync(1, "x".repeat(65536))' }, 0],
  ] as const)('%s → %s', async (_, outcome, parts, earned) => {
    const report = await grade(greeterServer(parts))
    expect(report, JSON.stringify(report.reason)).toMatchObject({ outcome, fault: 'learner', score: { earned, possible: 10 } })
  })

  test('never listening → start_error, within the start limit', async () => {
    const report = await grade(
      { 'server.js': 'console.log("thinking"); setInterval(() => {}, 1000)' },
      greeter({ limits: { start: '4s' } }),
    )
    expect(report).toMatchObject({ outcome: 'start_error', reason: { code: 'NOT_LISTENING' }, lastWords: { open: 'thinking' } })
    expect(statuses(report)).toEqual({ greets: 'not_run', 'is-text': 'not_run', refuses: 'not_run', 'greets-others': 'not_run' })
  })

  test('all tests together too long → time_limit', async () => {
    const slow = greeterServer({ onRequest: 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500)' })
    expect(await grade(slow, greeter({ limits: { total: '2s' } }))).toMatchObject({
      outcome: 'time_limit',
      reason: { code: 'TOTAL_TIME_LIMIT' },
    })
  })

  test('files that can’t be graded → invalid_submission, without a box', async () => {
    expect(await grade({ 'main.js': '' })).toMatchObject({ outcome: 'invalid_submission', images: {} })
  })
})

describe('ours', () => {
  test('a test that holds up the examiner itself ends as that test’s time limit', async () => {
    const stuck = `import { test } from 'assay'
      test('stuck', { id: 'stuck', task: 'greet', points: 1 }, async ({ http }) => { const { text } = await http.get('/?name=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'); /(a+)+$/.test(text) })`
    const report = await grade(greeterServer(), greeter({ files: { 'tests/hidden/stuck.test.ts': stuck } }))
    expect(report).toMatchObject({ outcome: 'time_limit', fault: 'learner' })
    expect(statuses(report)['stuck']).toBe('timed_out')
  })

  test('an exercise whose tests don’t load → grader_error with the file', async () => {
    const report = await grade(
      greeterServer(),
      greeter({ files: { 'tests/hidden/refuse.test.ts': 'throw new Error("broken on purpose")' } }),
    )
    expect(report).toMatchObject({
      outcome: 'grader_error',
      fault: 'grader',
      reason: { code: 'EXERCISE_BROKEN', message: expect.stringContaining('refuse.test.ts') },
    })
  })

  test('an engine that is not there → grader_error', async () => {
    const nowhere = openDockerSandbox({ dockerHost: 'unix:///nowhere/docker.sock' })
    expect(await gradeLocally({ sandbox: nowhere, exercise: { bundle: greeter() }, files: greeterServer() })).toMatchObject({
      outcome: 'grader_error',
      reason: { code: 'ENGINE_AWAY' },
    })
  })
})
