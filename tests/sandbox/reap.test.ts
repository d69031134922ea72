import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { openDockerSandbox } from '../../worker/sandbox/docker/docker-sandbox.ts'
import { ensureImages } from '../../worker/sandbox/docker/images.ts'
import { isLeftBehind, labelsOf } from '../../worker/sandbox/docker/owner.ts'
import { boxSpec } from './open-program.ts'
import { remaining } from './remaining.ts'

beforeAll(() => ensureImages({ log: () => {}, only: ['node'] }))

test('the boxes of a worker that was killed are removed, those of living workers stay', async () => {
  const [mine, theirs, killed] = [boxSpec(), boxSpec(), boxSpec()].map(({ grading }) => grading) as [string, string, string]
  const sandbox = openDockerSandbox()
  await using _box = await sandbox.open(boxSpec({ grading: mine }), AbortSignal.timeout(60_000))
  await using living = await leaveBox(theirs)
  await (await leaveBox(killed))[Symbol.asyncDispose]()
  expect(await remaining(killed)).toHaveLength(1)

  expect(await sandbox.reap()).toBeGreaterThanOrEqual(1)
  expect(await remaining(killed)).toEqual([])
  expect(await remaining(theirs)).toHaveLength(1)
  expect(await remaining(mine)).toHaveLength(1)

  await living[Symbol.asyncDispose]()
  await sandbox.reap()
  expect(await remaining(theirs)).toEqual([])
})

test('one that was frozen when its worker was killed is removed, too', async () => {
  const { grading } = boxSpec()
  await (await leaveBox(grading, 'frozen'))[Symbol.asyncDispose]()
  expect(await remaining(grading)).toHaveLength(1)
  await openDockerSandbox().reap()
  expect(await remaining(grading)).toEqual([])
})

/** A process with an open box; disposing kills the process and leaves the box. */
async function leaveBox(grading: string, state: 'running' | 'frozen' = 'running'): Promise<AsyncDisposable> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'fixtures/leave-a-box.ts'), grading, state], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return {
    async [Symbol.asyncDispose]() {
      if (child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}

describe('a box is left behind', () => {
  const now = Date.now()
  const own = labelsOf(boxSpec(), now)
  const owner = JSON.parse(own['assay.owner']!) as { place: string; pid: number; startedAt: string }
  const of = (changed: object) => ({ ...own, 'assay.owner': JSON.stringify({ ...owner, ...changed }) })
  const HOUR = 3600_000

  test.each([
    ['ours, in use', own, true, now, false],
    ['ours, no longer in use', own, false, now, true],
    ['of a process that is no more', of({ pid: 4_194_303 }), false, now, true],
    ['of a process whose pid is another’s by now', of({ startedAt: '1' }), false, now, true],
    ['of a living process beside us', of({ pid: process.ppid, startedAt: startedAt(process.ppid) }), false, now + HOUR, false],
    ['of a place that we can’t see, within its lease', of({ place: 'elsewhere' }), false, now, false],
    ['of a place that we can’t see, after its lease', of({ place: 'elsewhere' }), false, now + HOUR, true],
    ['without an owner or a lease', {}, false, now, true],
  ])('%s: %#', (_, labels, live, at, left) => expect(isLeftBehind(labels, live, at)).toBe(left))
})

function startedAt(pid: number): string | undefined {
  return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[19]
}
