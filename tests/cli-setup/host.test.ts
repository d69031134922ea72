import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hierarchiesOf } from '../../cli/setup/engine/cgroups.ts'
import { clearEngineLeftovers } from '../../cli/setup/engine/leftovers.ts'
import { readRecord, writeRecord } from '../../cli/setup/engine/record.ts'
import { holdLock } from '../../cli/setup/lock.ts'
import { identify, isRunning } from '../../cli/setup/process-identity.ts'
import { denyServiceStarts } from '../../cli/setup/service-starts.ts'
import { spawnTied } from '../../cli/setup/tied-child.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'assay-host-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('a process', () => {
  test('is known again by its start, and not mistaken when another has its number', () => {
    const us = identify(process.pid)
    expect(isRunning(us)).toBe(true)
    expect(isRunning({ ...us, startedAt: '1' })).toBe(false)
  })

  test('that has ended does not run', async () => {
    const child = spawn('sleep', ['60'])
    const it = identify(child.pid!)
    expect(isRunning(it)).toBe(true)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(isRunning(it)).toBe(false)
  })
})

describe('a tied child', () => {
  test('passes on its output and exit code', async () => {
    const child = spawnTied('sh', ['-c', 'echo "$1"; exit 3', 'sh', 'two words'], { output: 'pipe' })
    const [line] = (await once(createInterface({ input: child.process.stdout! }), 'line')) as [string]
    expect([line, await child.ended]).toEqual(['two words', 3])
  })

  test('is asked to end, and waited for', async () => {
    const child = spawnTied('sh', ['-c', 'trap "echo bye; exit 5" TERM; echo up; while :; do sleep 0.05; done'], { output: 'pipe' })
    const lines = createInterface({ input: child.process.stdout! })
    await once(lines, 'line')
    const last = once(lines, 'line')
    await child.stop()
    expect([(await last)[0], await child.ended]).toEqual(['bye', 5])
  })
})

describe('service starts', () => {
  const paths = () => [join(folder, 'policy-rc.d'), join(folder, 'saved')] as const
  const ask = (policy: string) => spawnSync(policy, ['redis-server', 'start']).status

  test('are denied for a time, and then as before', () => {
    const [policy, saved] = paths()
    writeFileSync(policy, '#!/bin/sh\nexit 104\n', { mode: 0o755 })
    {
      using _denied = denyServiceStarts(policy, saved)
      expect(ask(policy)).toBe(101)
    }
    expect(ask(policy)).toBe(104)
    expect(existsSync(saved)).toBe(false)
  })

  test('leave nothing where nothing was', () => {
    const [policy, saved] = paths()
    denyServiceStarts(policy, saved)[Symbol.dispose]()
    expect(existsSync(policy)).toBe(false)
  })

  test('are allowed again when the installation was killed, and the next one puts the file back', () => {
    const [policy, saved] = paths()
    writeFileSync(policy, '#!/bin/sh\nexit 104\n', { mode: 0o755 })
    denyServiceStarts(policy, saved)
    const dead = spawnSync('true').pid
    writeFileSync(policy, readFileSync(policy, 'utf8').replace(String(process.pid), String(dead)))
    expect(ask(policy)).toBe(104)
    denyServiceStarts(policy, saved)[Symbol.dispose]()
    expect(ask(policy)).toBe(104)
    expect(statSync(policy).mode & 0o111).not.toBe(0)
  })
})

describe('what a killed engine leaves', () => {
  test('is cleared, and what is in use stays', async () => {
    const [stale, ours, socket] = ['docker.pid', 'sleeper.pid', 'containerd.sock'].map(name => join(folder, name)) as [
      string,
      string,
      string,
    ]
    const sleeper = spawn('sleep', ['60'])
    writeFileSync(stale, `${process.pid}\n`)
    writeFileSync(ours, `${sleeper.pid}\n`)
    writeFileSync(socket, '')
    const said: string[] = []
    await clearEngineLeftovers(line => said.push(line), {
      pidFiles: [
        { path: stale, program: 'dockerd' },
        { path: ours, program: 'sleep' },
      ],
      sockets: [socket],
    })
    sleeper.kill('SIGKILL')
    expect([stale, ours, socket].map(existsSync)).toEqual([false, true, false])
    expect(said).toEqual([`removing the stale ${stale}`, `removing the stale ${socket}`])
  })

  test('a record of an engine that is no more is forgotten', async () => {
    const path = join(folder, 'engine.json')
    const sleeper = spawn('sleep', ['60'])
    writeRecord({ ...identify(sleeper.pid!), log: '/dev/null' }, path)
    expect(readRecord(path)?.pid).toBe(sleeper.pid)
    sleeper.kill('SIGKILL')
    await once(sleeper, 'exit')
    expect(readRecord(path)).toBeUndefined()
    expect(existsSync(path)).toBe(false)
  })
})

test.each([
  ['version 2 alone', '0::/\n', []],
  [
    'version 1, joined and named',
    '4:memory:/\n3:cpu,cpuacct:/x\n1:name=systemd:/\n0::/\n',
    [
      { folder: 'memory', options: 'memory', links: [] },
      { folder: 'cpu,cpuacct', options: 'cpu,cpuacct', links: ['cpu', 'cpuacct'] },
      { folder: 'systemd', options: 'none,name=systemd', links: [] },
    ],
  ],
])('control groups to mount: %s', (_, text, hierarchies) => {
  expect(hierarchiesOf(text)).toEqual(hierarchies)
})

test('a lock is held by one at a time', async () => {
  const path = join(folder, 'lock')
  const order: string[] = []
  const hold = async (name: string) => {
    await using _lock = await holdLock(path)
    order.push(name)
  }
  let second: Promise<void>
  {
    await using _first = await holdLock(path)
    second = hold('second')
    order.push('first')
  }
  await second
  expect(order).toEqual(['first', 'second'])
})
