import { join } from 'node:path'
import Docker from 'dockerode'
import { beforeAll, expect, test } from 'vitest'
import { openDockerSandbox } from '../../worker/sandbox/docker/docker-sandbox.ts'
import { ensureImages, imageRefs } from '../../worker/sandbox/docker/images.ts'
import { OWNER_LABEL } from '../../worker/sandbox/docker/owner.ts'
import { TestEngine } from '../support/engine.ts'
import { greeter, greeterServer } from '../support/greeter.ts'
import type { TestProcess } from '../support/process.ts'
import { Service } from './service.ts'

/*
 * Two workers that share nothing with the server but its address, its Redis and its secret: each has a data folder of its
 * own. (On an engine of its own each: npm run bench:scale.)
 */
const bundle = greeter({ limits: { test: '5s', total: '30s' } })
/** Takes long enough for something to happen meanwhile. */
const slow = greeterServer({ onRequest: 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500)' })
/** Takes longer than a worker that ends waits for it. */
const endless = greeterServer({ onRequest: 'if (!name) return' })

beforeAll(() => ensureImages({ log: () => {}, only: ['node', 'examiner'] }))

let workers = 0
const startWorker = (service: Service) =>
  service.startWorker({ ASSAY_DATA: join(service.folder, `worker-${++workers}`), ASSAY_EXERCISES: '/nowhere', ASSAY_SLOTS: '1' })

const idOf = ({ lines }: TestProcess) =>
  (JSON.parse(lines.find(line => line.includes('worker takes gradings'))!) as { workerId: string }).workerId

type Grading = { outcome: string | null; counted: boolean; workerId: string }
async function gradings(service: Service, id: string): Promise<Grading[]> {
  return ((await (await service.call('GET', `/api/v1/submissions/${id}/gradings`)).json()) as { items: Grading[] }).items
}

async function graderOf(service: Service, id: string): Promise<string> {
  const of = await gradings(service, id)
  expect(of).toHaveLength(1)
  return of[0]!.workerId
}

test('both grade, each submission once', async () => {
  await using service = await Service.open([bundle])
  await service.startServer()
  const [one, other] = [await startWorker(service), await startWorker(service)]
  const ids = [await service.submit('greeter', slow), await service.submit('greeter', slow)]
  for (const id of ids) expect(await service.event(id, 'finished')).toMatchObject({ outcome: 'accepted' })
  const graders = await Promise.all(ids.map(id => graderOf(service, id)))
  expect(new Set(graders)).toEqual(new Set([idOf(one), idOf(other)]))
})

test('one killed: the other grades what it held, and whoever comes next removes its boxes', async () => {
  await using service = await Service.open([bundle])
  await service.startServer()
  const both = [await startWorker(service), await startWorker(service)]
  const ids = [await service.submit('greeter', slow), await service.submit('greeter', slow)]
  await Promise.all(ids.map(id => service.event(id, 'test')))
  const [dead, living] = both as [TestProcess, TestProcess]
  const held = (await Promise.all(ids.map(id => graderOf(service, id)))).indexOf(idOf(dead))
  // Asked before: a worker of another test that starts meanwhile removes them as well.
  expect(await boxesOf(dead)).not.toEqual([])
  await dead.kill('SIGKILL')
  for (const id of ids) expect(await service.event(id, 'finished')).toMatchObject({ outcome: 'accepted' })
  expect(await graderOf(service, ids[held]!)).toBe(idOf(living))
  await startWorker(service)
  expect(await boxesOf(dead)).toEqual([])
})

test('one asked to end hands back what it can’t finish, and the other grades it', async () => {
  await using service = await Service.open([greeter({ limits: { test: '30s', total: '60s' } })])
  await service.startServer()
  const leaving = await startWorker(service)
  const id = await service.submit('greeter', endless)
  await service.event(id, 'test')
  const staying = await startWorker(service)
  expect(await leaving.kill('SIGTERM')).toBe(0)
  expect(await boxesOf(leaving)).toEqual([])
  expect(await service.event(id, 'finished')).toMatchObject({ outcome: 'time_limit' })
  expect(await graderOf(service, id)).toBe(idOf(staying))
})

test('one whose engine lacks an image keeps no grading from the others, and takes them once the image is there', async context => {
  const unavailable = TestEngine.unavailable()
  if (unavailable) context.skip(unavailable)
  const refs = await imageRefs((await openDockerSandbox({}).facts()).architecture)
  await using engine = await TestEngine.open([refs.examiner])
  await using service = await Service.open([bundle])
  await service.startServer()
  const lacking = await service.startWorker({ ASSAY_DATA: join(service.folder, 'lacking'), DOCKER_HOST: engine.dockerHost })
  const first = await service.submit('greeter', greeterServer())
  await lacking.printed(/no gradings are taken/)
  const whole = await startWorker(service)
  expect(await service.event(first, 'finished')).toMatchObject({ outcome: 'accepted' })
  expect((await gradings(service, first)).filter(({ counted }) => counted)).toMatchObject([{ outcome: 'accepted', workerId: idOf(whole) }])
  expect(await whole.kill('SIGTERM')).toBe(0)

  await engine.load(refs.node)
  const second = await service.submit('greeter', greeterServer())
  expect(await service.event(second, 'finished')).toMatchObject({ outcome: 'accepted' })
})

test('one that the server refuses keeps no grading from the others', async () => {
  await using service = await Service.open([bundle])
  await service.startServer()
  const refused = await service.startWorker({
    ASSAY_DATA: join(service.folder, 'refused'),
    ASSAY_WORKER_TOKEN: 'another-secret-than-the-server-has',
  })
  await refused.printed(/no gradings are taken/)
  await startWorker(service)
  for (let number = 0; number < 4; number++)
    expect(await service.event(await service.submit('greeter', greeterServer()), 'finished')).toMatchObject({ outcome: 'accepted' })
  expect(refused.lines.filter(line => line.includes('grading not taken'))).toEqual([])
})

/** Boxes that a worker made, running or not. */
async function boxesOf({ pid }: TestProcess): Promise<string[]> {
  const found = await new Docker().listContainers({ all: true, filters: { label: [OWNER_LABEL] } })
  return found.filter(({ Labels }) => (JSON.parse(Labels[OWNER_LABEL]!) as { pid: number }).pid === pid).map(({ Id }) => Id)
}
