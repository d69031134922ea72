import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { QUERY, layExercise } from '../../core/sample-exercise.ts'
import { TESTS, TestApi } from './api.ts'

test('anyone lists the exercises', async () => {
  await using api = await TestApi.open()
  const { status, json } = await api.call('GET', '/api/v1/exercises', { as: 'nobody' })
  expect(status).toBe(200)
  expect(json['items']).toEqual([
    expect.objectContaining({ slug: 'hello', kind: 'endpoint', runtimes: ['node'] }),
    expect.objectContaining({ slug: 'late-orders', kind: 'query', runtimes: ['sql'] }),
  ])
})

test('a learner reads statement, starter and limits, and nothing of hidden tests or submissions', async () => {
  await using api = await TestApi.open()
  const { json, text } = await api.call('GET', '/api/v1/exercises/hello')
  expect(json).toMatchObject({
    starter: { node: { 'server.js': '// begin here\n' } },
    entry: { node: 'server.js' },
    limits: { start: 3000 },
    tests: null,
  })
  expect(json['statement']).toContain('## Greet')
  expect(text).not.toContain('CANARY')
})

test('the reference that programs are compared with is nothing that a learner can read', async () => {
  await using api = await TestApi.open()
  const yaml = join(api.library, 'hello/exercise.yaml')
  const before = (await api.call('GET', '/api/v1/exercises/hello')).json['version']
  await writeFile(yaml, `${await readFile(yaml, 'utf8')}reference: submissions/accepted/plain\n`)
  await api.call('POST', '/api/v1/exercises/reload', { as: 'admin' })
  const { json, text } = await api.call('GET', '/api/v1/exercises/hello')
  expect(json['version']).not.toBe(before)
  for (const told of [text, (await api.call('GET', '/api/v1/exercises')).text]) expect(told).not.toMatch(/CANARY|accepted\/plain/)
})

test('once they are collected, visible tests are named and hidden ones counted', async () => {
  await using api = await TestApi.open()
  const version = (await api.call('GET', '/api/v1/exercises/late-orders')).json['version'] as string
  await api.store.keepTests(version, TESTS)
  const { json, text } = await api.call('GET', '/api/v1/exercises/late-orders')
  expect(json['tests']).toEqual({ visible: [{ id: 'few', name: 'a few orders', task: 'late', points: 0 }], hidden: 1 })
  expect(text).not.toMatch(/canary/i)
})

test('an exercise that is not there', async () => {
  await using api = await TestApi.open()
  for (const slug of ['nothing', 'UPPER', '..%2f..%2fetc']) expect((await api.call('GET', `/api/v1/exercises/${slug}`)).status).toBe(404)
})

test('a changed folder is a new version, and what was accepted keeps its own', async () => {
  await using api = await TestApi.open()
  const id = await api.submit()
  const before = (await api.store.submission(id))!.version
  await writeFile(join(api.library, 'late-orders/reference.sql'), 'SELECT id FROM orders WHERE true;')
  expect((await api.call('POST', '/api/v1/exercises/reload', { as: 'admin' })).json).toEqual({ exercises: 2, faults: [] })
  const after = (await api.call('GET', '/api/v1/exercises/late-orders')).json['version']
  expect(after).not.toBe(before)
  expect((await api.store.submission(id))!.version).toBe(before)
  expect(await api.store.bundle(before)).toBeDefined()
})

test('an exercise that an edit broke keeps its last good version, and the fault is told', async () => {
  await using api = await TestApi.open()
  const before = (await api.call('GET', '/api/v1/exercises/late-orders')).json['version']
  await layExercise('late-orders', { 'exercise.yaml': QUERY['exercise.yaml']!.replace('easy', 'simple') }, api.library)
  const { json } = await api.call('POST', '/api/v1/exercises/reload', { as: 'admin' })
  expect(json).toMatchObject({ exercises: 2, faults: [{ field: 'difficulty', line: 3 }] })
  expect((await api.call('GET', '/api/v1/exercises/late-orders')).json['version']).toBe(before)
})

test('only an admin reloads', async () => {
  await using api = await TestApi.open()
  for (const as of ['learner', 'staff'] as const) expect((await api.call('POST', '/api/v1/exercises/reload', { as })).status).toBe(403)
})

test('a library that is gone keeps what was on offer, and says what is missing', async () => {
  await using api = await TestApi.open()
  await rm(api.library, { recursive: true })
  const { status, json } = await api.call('POST', '/api/v1/exercises/reload', { as: 'admin' })
  expect({ status, detail: json['detail'] }).toEqual({ status: 409, detail: expect.stringContaining(api.library) as string })
  expect((await api.call('GET', '/api/v1/exercises')).json['items']).toHaveLength(2)
})
