import { existsSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { greeter, greeterServer } from '../support/greeter.ts'
import { TestProcess } from '../support/process.ts'
import { TestRedis } from '../support/redis.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { Service } from '../e2e/service.ts'

/*
 * `assay worker` as an operator runs it on a host of its own: with an address, a Redis and a secret, and nothing else of
 * the server's.
 */
const BOOT = resolve(import.meta.dirname, '../../cli/boot.mjs')
const SECRET = 'a-worker-token-of-this-test-alone'

let redis: TestRedis
let data: ReturnType<typeof tempFolder>
beforeAll(async () => {
  redis = await TestRedis.start()
  data = tempFolder()
})
afterAll(async () => {
  await redis[Symbol.asyncDispose]()
  data[Symbol.dispose]()
})

/** Starts it; ended with the test. */
function startWorker(settings: Record<string, string>): TestProcess {
  const defaults = { ASSAY_DATA: data.path, REDIS_URL: redis.url, ASSAY_WORKER_TOKEN: SECRET, ASSAY_URL: 'http://127.0.0.1:9' }
  const worker = new TestProcess(
    BOOT,
    { ...defaults, DOCKER_HOST: process.env.DOCKER_HOST ?? '', ASSAY_ACCEPT_OLD_ENGINE: '1', ...settings },
    ['worker'],
  )
  onTestFinished(async () => void (await worker.kill('SIGTERM')))
  return worker
}

/** Something that answers every request alike. */
async function answering(status: number): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status).end('{}'))
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('without a secret it makes none up, and says where the server has it', async () => {
  const worker = startWorker({ ASSAY_WORKER_TOKEN: '' })
  expect(await worker.ended).toBe(2)
  expect(worker.lines.join('\n')).toMatch(/ASSAY_WORKER_TOKEN.*secret of the server.*worker-token/)
  expect(existsSync(join(data.path, 'worker-token'))).toBe(false)
})

test('with another secret than the server has it says so, before anything is built', async () => {
  await using service = await Service.open([greeter()])
  await service.startServer()
  const worker = startWorker({ ASSAY_URL: service.url, ASSAY_WORKER_TOKEN: 'a-worker-token-of-another-server' })
  expect(await worker.ended).toBe(5)
  const words = worker.lines.join('\n')
  expect(words).toMatch(/another ASSAY_WORKER_TOKEN/)
  expect(words).not.toContain('Images')
})

test.each([
  ['a Redis that does not answer', { REDIS_URL: 'redis://127.0.0.1:1' }, 5, /Redis at REDIS_URL doesn't answer/],
  ['no Redis and a data folder of its own', { REDIS_URL: '' }, 5, /set REDIS_URL to the server's Redis/],
  ['an address that is none', { ASSAY_URL: 'assay.example' }, 2, /ASSAY_URL.*expected an address/],
])('with %s it says what to do', async (_, settings, code, words) => {
  const worker = startWorker(settings)
  expect(await worker.ended).toBe(code)
  expect(worker.lines.join('\n')).toMatch(words)
})

test('at an address where no Assay answers it says so', async () => {
  const worker = startWorker({ ASSAY_URL: await answering(404) })
  expect(await worker.ended).toBe(5)
  expect(worker.lines.join('\n')).toMatch(/answers 404 to \/internal\/v1\/exercises: expected an Assay server/)
})

test('on the data folder of a server it takes that one’s secret', async () => {
  using folder = tempFolder()
  writeFileSync(join(folder.path, 'worker-token'), 'another-secret-of-that-server', { mode: 0o600 })
  await using service = await Service.open([greeter()])
  await service.startServer()
  const worker = startWorker({ ASSAY_URL: service.url, ASSAY_WORKER_TOKEN: '', ASSAY_DATA: folder.path })
  await worker.ended
  expect(worker.lines.join('\n')).toMatch(/another ASSAY_WORKER_TOKEN/)
})

test('waits for a server that is not up yet, and then grades for it', async () => {
  await using service = await Service.open([greeter()])
  const worker = startWorker({ ASSAY_URL: service.url, REDIS_URL: service.redis.url })
  await worker.printed(/does not answer yet .*goes on asking/)
  await worker.printed(/worker takes gradings/)
  await service.startServer()
  const id = await service.submit('greeter', greeterServer())
  expect(await service.event(id, 'finished')).toMatchObject({ outcome: 'accepted' })
})
