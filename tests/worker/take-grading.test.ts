import { pino } from 'pino'
import { expect, test } from 'vitest'
import type { Claim } from '../../core/worker-api.ts'
import type { Box, Sandbox } from '../../worker/sandbox/sandbox.ts'
import { freshPods } from '../../worker/pod/pod-source.ts'
import { takeGrading, type Held, type TakeOptions } from '../../worker/take-grading.ts'
import { greeter, greeterServer } from '../support/greeter.ts'

/** A sandbox whose boxes never come; opening them ends with the signal. */
const neverOpens: Sandbox = {
  open: (_spec, signal) => {
    const { promise, reject } = Promise.withResolvers<Box>()
    signal.addEventListener('abort', () => reject(signal.reason))
    return promise
  },
  facts: async () => ({ version: '', apiVersion: '', runtimes: [], architecture: '', cgroupVersion: '', storageDriver: '', warnings: [] }),
  reap: async () => 0,
}

function takes(held: Held) {
  const bundle = greeter()
  let token = 0
  const claim = async (gradingId: string): Promise<Claim> => ({
    gradingId,
    submissionId: 'sub_1',
    token: ++token,
    slug: bundle.slug,
    version: bundle.version,
    tests: [
      {
        id: 'greets',
        name: 'greets',
        task: 'greet',
        points: 1,
        visibility: 'visible',
        feedback: 'full',
        timeLimitMs: 1000,
        file: 'tests/visible/greet.test.ts',
      },
    ],
    runtime: 'node',
    mode: 'submit',
    reason: 'first',
    seed: 1,
    files: greeterServer(),
  })
  const server = { claim, bundle: async () => bundle, events: async () => {}, giveBack: async () => {} }
  const options = {
    server,
    outbox: {},
    sandbox: neverOpens,
    sandboxRuntime: 'runc',
    pods: freshPods(neverOpens),
    held,
    onEngineAway: async () => {},
  }
  return () => takeGrading('grd_1', { ...options, log: pino({ level: 'silent' }) } as unknown as TakeOptions)
}

test('a grading that comes back to the same worker ends the older try and stays held', async () => {
  const held: Held = new Map()
  const take = takes(held)
  const first = take()
  await expect.poll(() => held.get('grd_1')?.token).toBe(1)
  const second = take()
  await expect.poll(() => held.get('grd_1')?.token).toBe(2)
  await first
  expect(held.get('grd_1')?.token).toBe(2)
  held.get('grd_1')!.stop('shutdown')
  await second
  expect(held.size).toBe(0)
})
