import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { ensureImages } from '../../worker/sandbox/docker/images.ts'
import { greeter, greeterServer } from '../support/greeter.ts'
import { TestProcess } from '../support/process.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { Service } from './service.ts'

/*
 * `assay broker` as operators run it, with a whole worker behind it that has no other engine.
 */
const CLI = resolve(import.meta.dirname, '../../cli/main.ts')
const SLOW = greeterServer({ onRequest: 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500)' })

beforeAll(() => ensureImages({ log: () => {}, only: ['node', 'examiner'] }))

async function startBroker(socket: string): Promise<TestProcess> {
  const broker = new TestProcess(CLI, {}, ['broker', '--listen', socket, '--group', String(process.getegid!())])
  await broker.printed(/broker listens/)
  return broker
}

test('a worker grades through it; killed in the middle, it is an engine that is away, and nothing is lost once it is back', async () => {
  using folder = tempFolder()
  const socket = join(folder.path, 'broker.sock')
  await using first = await startBroker(socket)
  expect(statSync(socket).mode & 0o777).toBe(0o660)
  await using service = await Service.open([greeter({ limits: { test: '5s', total: '30s' } })], { DOCKER_HOST: `unix://${socket}` })
  await service.startServer()
  const worker = await service.startWorker()
  const id = await service.submit('greeter', SLOW)
  await service.event(id, 'test')
  await first.kill('SIGKILL')
  await worker.printed(/the Docker engine is away/)

  // In the place of the socket that was left behind.
  await using second = await startBroker(socket)
  expect(await service.event(id, 'finished')).toMatchObject({ outcome: 'accepted' })
  const { items } = (await (await service.call('GET', `/api/v1/submissions/${id}/gradings`)).json()) as { items: unknown[] }
  expect(items).toMatchObject([{ outcome: 'grader_error', counted: false }, { outcome: 'accepted' }])
  expect([...first.lines, ...second.lines].filter(line => line.includes('refused'))).toEqual([])

  expect(await worker.kill('SIGTERM')).toBe(0)
  expect(await second.kill('SIGTERM')).toBe(0)
  expect(existsSync(socket)).toBe(false)
})

test.each([
  ['without a place to listen', [], /--listen/, 2],
  [
    'with a group that is no number',
    ['--listen', '/tmp/assay-nowhere.sock', '--group', 'docker'],
    /expected a group's number, got "docker"/,
    2,
  ],
  [
    'for an engine elsewhere',
    ['--listen', '/tmp/assay-nowhere.sock', '--docker-host', 'tcp://10.0.0.1:2375'],
    /runs on the engine's host/,
    5,
  ],
] as const)('%s it says what it needs', async (_, args, words, code) => {
  await using broker = new TestProcess(CLI, {}, ['broker', ...args])
  expect(await broker.ended).toBe(code)
  expect(broker.lines.join('\n')).toMatch(words)
})
