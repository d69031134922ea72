import { expect, test } from 'vitest'
import { imageRefs } from '../../worker/sandbox/docker/images.ts'
import { openDockerSandbox } from '../../worker/sandbox/docker/docker-sandbox.ts'
import { TestEngine } from '../support/engine.ts'
import { greeter, greeterServer } from '../support/greeter.ts'
import { Service } from './service.ts'

/*
 * Nothing accepted is lost, nothing gets two verdicts: server, worker, Redis and engine are taken away for real.
 */
const bundle = greeter({ limits: { test: '5s', total: '30s' } })
const right = greeterServer()
/** Takes long enough to be interrupted in the middle. */
const slow = greeterServer({ onRequest: 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500)' })

test('a worker killed in the middle: the next one grades', async () => {
  await using service = await Service.open([bundle])
  await service.startServer()
  const first = await service.startWorker()
  const id = await service.submit('greeter', slow)
  await service.event(id, 'test')
  await first.kill('SIGKILL')
  await service.startWorker()
  expect(await service.event(id, 'finished')).toMatchObject({ outcome: 'accepted' })
})

test('Redis down at submission: 202, and graded without a restart once it is back', async () => {
  await using service = await Service.open([bundle])
  await service.startServer()
  await service.startWorker()
  await service.redis.stop()
  const id = await service.submit('greeter', right)
  await service.redis.start()
  expect(await service.event(id, 'finished')).toMatchObject({ outcome: 'accepted' })
})

test('a server killed between store and queue: queued at its next start', async () => {
  await using service = await Service.open([bundle])
  const server = await service.startServer()
  await service.redis.stop()
  const id = await service.submit('greeter', right)
  await server.kill('SIGKILL')
  await service.redis.start()
  await service.startServer()
  await service.startWorker()
  expect(await service.event(id, 'finished')).toMatchObject({ outcome: 'accepted' })
})

test('FLUSHALL with submissions waiting and running: all are graded, each once', async () => {
  await using service = await Service.open([bundle], { ASSAY_SLOTS: '1' })
  await service.startServer()
  await service.startWorker()
  const ids = [
    await service.submit('greeter', slow),
    await service.submit('greeter', right),
    await service.submit('greeter', right),
    await service.submit('greeter', right),
  ]
  await service.event(ids[0]!, 'started')
  await service.redis.ask(redis => redis.flushall())
  const outcomes = await Promise.all(ids.map(async id => (await service.event(id, 'finished'))['outcome']))
  expect(outcomes).toEqual(ids.map(() => 'accepted'))
})

test('a worker asked to end hands back what it can’t finish, and exits 0', async () => {
  await using service = await Service.open([greeter({ limits: { test: '30s', total: '60s' } })])
  await service.startServer()
  const first = await service.startWorker()
  const id = await service.submit('greeter', greeterServer({ onRequest: 'if (!name) return' }))
  await service.event(id, 'started')
  expect(await first.kill('SIGTERM')).toBe(0)
  await service.startWorker()
  expect(await service.event(id, 'finished')).toMatchObject({ outcome: 'time_limit' })
})

test('cancelled while running: the outcome is cancelled and the boxes are gone', async () => {
  await using service = await Service.open([bundle])
  await service.startServer()
  const worker = await service.startWorker()
  const id = await service.submit('greeter', greeterServer({ onRequest: 'return' }))
  await service.event(id, 'started')
  const response = await service.call('POST', `/api/v1/submissions/${id}/cancel`, undefined, { role: 'learner' })
  expect(response.status).toBeLessThan(300)
  expect(await service.event(id, 'finished')).toMatchObject({ outcome: 'cancelled' })
  await worker.printed(/not graded here/)
})

test('the engine stopped in the middle: a grader fault, back in the line uncounted, graded when the engine is back', async context => {
  const unavailable = TestEngine.unavailable()
  if (unavailable) context.skip(unavailable)
  const refs = await imageRefs((await openDockerSandbox({}).facts()).architecture)
  await using engine = await TestEngine.open([refs.node, refs.examiner])
  await using service = await Service.open([bundle], { DOCKER_HOST: engine.dockerHost })
  await service.startServer()
  const worker = await service.startWorker()
  const id = await service.submit('greeter', slow)
  await service.event(id, 'test')
  await engine.stop()
  await worker.printed(/the Docker engine is away/)
  await engine.start()
  expect(await service.event(id, 'finished')).toMatchObject({ outcome: 'accepted' })
  const { items } = (await (await service.call('GET', `/api/v1/submissions/${id}/gradings`)).json()) as { items: unknown[] }
  expect(items).toMatchObject([{ outcome: 'grader_error', counted: false }, { outcome: 'accepted' }])
})
