import { readdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Report } from '../../core/report.ts'
import { ReportOutbox } from '../../worker/report-outbox.ts'
import { ServerClient } from '../../worker/server-client.ts'
import { tempFolder } from '../support/temp-folder.ts'

/** A server that answers what a test says, and remembers what it was sent. */
const received: Report[] = []
let events: unknown[] = []
let answers: number[] = []
const server = createServer((request, response) => {
  void json(request).then(body => {
    received.push((body as { report: Report }).report)
    events.push((body as { events?: unknown }).events)
    response.statusCode = answers.shift() ?? 204
    return response.end()
  })
})
let folder: ReturnType<typeof tempFolder>
let outbox: ReportOutbox

beforeEach(async () => {
  received.length = 0
  events = []
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  folder = tempFolder()
  outbox = new ReportOutbox(folder.path, new ServerClient({ serverUrl: serverUrl(), workerToken: 'a-token-of-this-test', workerId: 'w' }))
})
afterEach(async () => {
  folder[Symbol.dispose]()
  await new Promise(resolve => server.close(resolve))
})

const serverUrl = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

const report: Report = {
  reportVersion: 1,
  exercise: { slug: 'greeter', version: 'v', title: 'Greeter' },
  kind: 'endpoint',
  runtime: 'node',
  sandboxRuntime: 'runc',
  mode: 'submit',
  seed: 1,
  outcome: 'accepted',
  fault: 'none',
  score: { earned: 10, possible: 10 },
  tasks: [],
  tests: [],
  timings: {},
  images: {},
}

test('a report stays until the server has it, and counts as held until then', async () => {
  answers = [503, 204]
  expect(await outbox.deliver('grd_1', 3, report)).toBe(false)
  expect(await outbox.undelivered()).toEqual([{ id: 'grd_1', token: 3 }])
  await outbox.deliverAll()
  expect(await outbox.undelivered()).toEqual([])
  expect(received.map(each => each.outcome)).toEqual(['accepted', 'accepted'])
})

test('the last events come with it, the first time', async () => {
  answers = [503, 204]
  const last = [{ type: 'test', done: 1, total: 1 } as const]
  await outbox.deliver('grd_1', 3, report, last)
  await outbox.deliverAll()
  expect(events).toEqual([last, undefined])
})

test('one that the server has needs no place on the disk', async () => {
  await writeFile(join(folder.path, 'a-file'), '')
  const nowhere = new ReportOutbox(
    join(folder.path, 'a-file'),
    new ServerClient({ serverUrl: serverUrl(), workerToken: 't', workerId: 'w' }),
  )
  answers = [204, 503]
  expect(await nowhere.deliver('grd_1', 3, report)).toBe(true)
  await expect(nowhere.deliver('grd_2', 3, report)).rejects.toThrow(/EEXIST|ENOTDIR/)
})

test('a superseded one is dropped', async () => {
  answers = [409]
  expect(await outbox.deliver('grd_1', 3, report)).toBe(true)
  expect(await outbox.undelivered()).toEqual([])
})

test('one that the server refuses for good becomes a grader fault, so that the submission ends', async () => {
  answers = [400, 204]
  expect(await outbox.deliver('grd_1', 3, report)).toBe(true)
  expect(received[1]).toMatchObject({ outcome: 'grader_error', fault: 'grader', reason: { code: 'REPORT_REFUSED' }, score: { earned: 0 } })
  expect(await outbox.undelivered()).toEqual([])
})

test('two workers on one folder send what either left, and neither stumbles over the other', async () => {
  const second = new ReportOutbox(
    folder.path,
    new ServerClient({ serverUrl: serverUrl(), workerToken: 'a-token-of-this-test', workerId: 'v' }),
  )
  answers = Array.from({ length: 20 }, () => 503)
  for (let number = 0; number < 20; number++) await outbox.deliver(`grd_${number}`, 1, { ...report, seed: number })
  received.length = 0
  await Promise.all([outbox.deliverAll(), second.deliverAll()])
  expect(new Set(received.map(each => each.seed)).size).toBe(20)
  expect(await outbox.undelivered()).toEqual([])
  expect(await readdir(folder.path)).toEqual([])
})
