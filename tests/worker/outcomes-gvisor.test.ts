import { describe, expect, test } from 'vitest'
import type { Bundle } from '../../core/bundle.ts'
import type { FileMap } from '../../core/submission.ts'
import { gradeLocally } from '../../worker/grade-local.ts'
import { openDockerSandbox } from '../../worker/sandbox/docker/docker-sandbox.ts'
import { greeter, greeterServer } from '../support/greeter.ts'

/*
 * Every outcome that a program can bring about, proven in gVisor as outcomes.test.ts proves it under runc: what ends a box
 * differs there, what the learner is told must not.
 */
const sandbox = openDockerSandbox({})
const missing = !(await sandbox.facts()).runtimes.includes('runsc')
const grade = (files: FileMap, bundle: Bundle = greeter({ sandbox: 'runsc' })) =>
  gradeLocally({ sandbox, exercise: { bundle }, files, seed: 4711 })

describe.skipIf(missing)(
  `in gVisor${missing ? ' (skipped: the engine has no runtime "runsc"; npx assay engine gvisor brings it)' : ''}`,
  () => {
    test('accepted, and the report says what each box ran in', async () => {
      expect(await grade(greeterServer())).toMatchObject({
        outcome: 'accepted',
        score: { earned: 10, possible: 10 },
        sandboxRuntime: 'runsc',
        boxRuntimes: { subject: 'runsc', examiner: 'runc' },
      })
    })

    test.each([
      ['a wrong status', 'wrong_answer', { onRequest: 'if (!name) return response.end("")' }, 4],
      ['ending before it listens', 'start_error', { before: 'console.error("no config"); process.exit(3)' }, 0],
      ['ending at a request', 'runtime_error', { onRequest: 'if (!name) process.exit(9)' }, 0],
      ['killing everything in its box', 'runtime_error', { onRequest: 'if (!name) process.kill(-1, "SIGKILL")' }, 0],
      ['never answering', 'time_limit', { onRequest: 'if (!name) return' }, 4],
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
        'a child that fills memory',
        'memory_limit',
        { before: 'require("child_process").spawnSync(process.execPath, ["-e", "const all=[];for(;;)all.push(Buffer.alloc(8<<20,1))"])' },
        undefined,
      ],
      ['printing without end', 'output_limit', { onRequest: 'if (!name) for (;;) require("fs").writeSync(1, "x".repeat(65536))' }, 0],
    ] as const)('%s → %s', async (_, outcome, parts, earned) => {
      const report = await grade(greeterServer(parts))
      expect(report, JSON.stringify(report.reason)).toMatchObject({ outcome, fault: 'learner', sandboxRuntime: 'runsc' })
      if (earned !== undefined) expect(report.score).toEqual({ earned, possible: 10 })
    })

    test('more processes than its box may have → the box ends, and the learner is told what may have been', async () => {
      // At a visible request, with time for it to come to that.
      const bomb = `if (name) require('child_process').spawnSync('perl', ['-e', 'while (1) { fork }'])`
      const report = await grade(greeterServer({ onRequest: bomb }), greeter({ sandbox: 'runsc', limits: { test: '20s' } }))
      expect(report).toMatchObject({
        outcome: 'runtime_error',
        reason: { code: 'BOX_ENDED', message: expect.stringContaining('more processes than it may') },
      })
    })

    test('never listening → start_error, within the start limit', async () => {
      const silent = { 'server.js': 'console.log("thinking"); setInterval(() => {}, 1000)' }
      expect(await grade(silent, greeter({ sandbox: 'runsc', limits: { start: '4s' } }))).toMatchObject({
        outcome: 'start_error',
        reason: { code: 'NOT_LISTENING' },
        lastWords: { open: 'thinking' },
      })
    })

    test('all tests together too long → time_limit', async () => {
      const slow = greeterServer({ onRequest: 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500)' })
      expect(await grade(slow, greeter({ sandbox: 'runsc', limits: { total: '2s' } }))).toMatchObject({
        outcome: 'time_limit',
        reason: { code: 'TOTAL_TIME_LIMIT' },
      })
    })
  },
)
