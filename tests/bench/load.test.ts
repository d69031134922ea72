import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import type { Ended } from '../../bench/load/gather.ts'
import { errors, fairness, judge, type Rush } from '../../bench/load/judge.ts'
import { growthOf, oldGenerationBytes } from '../../bench/load/memory.ts'
import { readMix } from '../../bench/load/mix.ts'
import { readOptions } from '../../bench/load/options.ts'
import { EXERCISES } from '../../bench/measure/options.ts'
import { ownersOf, planRush } from '../../bench/load/plan-rush.ts'
import { tempFolder } from '../support/temp-folder.ts'

const SECOND = 1000

/** One that was handed in, begun and finished at these seconds. */
function one(id: string, [created, started, finished]: [number, number, number], given: Partial<Ended> = {}): Ended {
  const grading = { reason: 'first', outcome: 'accepted', counted: true, startedAt: started * SECOND, finishedAt: finished * SECOND }
  const times = { createdAt: created * SECOND, startedAt: started * SECOND, gradings: [grading] }
  const who = { id, owner: id, group: 'course-a', kind: 'query', flood: false, expected: 'accepted' }
  return { ...who, state: 'finished', outcome: 'accepted', ...times, ...given }
}

function rush(ended: Ended[], given: Partial<Rush> = {}): Rush {
  const flat = Array.from({ length: 9 }, (_, n) => ({ atMs: n * SECOND, bytes: 1e8 }))
  return {
    ended,
    refused: {},
    told: [],
    latencies: { 'hand in': [5], 'hand in, flooding': [], 'read one': [5], list: [5] },
    memory: { server: flat, worker: flat, redis: flat },
    regrades: [],
    slots: 1,
    cut: false,
    ...given,
  }
}

const THREE = [one('ada', [0, 0, 4]), one('bob', [0, 4, 8]), one('cy', [0, 8, 12])]
const TOLD = [{ id: 'cy', at: 1 * SECOND, position: 2, waitSeconds: 7 }]
const missed = (plain: Rush, flood = plain) => judge(plain, flood).flatMap(line => (line.met ? [] : [`${line.rush}: ${line.what}`]))

test('a rush in which all went well meets every goal', () => {
  expect(missed(rush(THREE, { told: TOLD }))).toEqual([])
})

test.each<[string, Partial<Rush>]>([
  ['lost', { ended: [...THREE, one('dot', [0, 12, 16], { state: 'queued', outcome: null })] }],
  ['refused at the door', { refused: { 503: 1 } }],
  ['graded twice', { ended: [...THREE, one('dot', [0, 12, 16], { gradings: [...THREE[0]!.gradings, ...THREE[1]!.gradings] })] }],
  ['judged otherwise than labelled', { ended: [...THREE, one('dot', [0, 12, 16], { expected: 'wrong_answer' })] }],
  ['regrades begun while a learner waited', { regrades: [{ startedAt: 5 * SECOND }] }],
  ['error of the position told, median', { told: [{ ...TOLD[0]!, position: 3 }] }],
  ['error of the wait told, median', { told: [{ ...TOLD[0]!, waitSeconds: 10 }] }],
  ['places empty while a learner waited', { slots: 2 }],
  ['API: list, p95', { latencies: { 'hand in': [5], 'hand in, flooding': [900], 'read one': [5], list: [900] } }],
])('%s: said so', (what, given) => {
  expect(missed(rush(THREE, { told: TOLD, ...given }))).toContain(`plain: ${what}`)
})

test('fairness is read for each other owner against their own wait without the flood', () => {
  const flood = rush([...THREE.slice(0, 2), one('cy', [0, 24, 28]), one('ada', [0, 90, 94], { flood: true })])
  expect(fairness(rush(THREE), flood)).toEqual([
    { owner: 'bob', group: 'course-a', ratio: 1 },
    { owner: 'cy', group: 'course-a', ratio: 3 },
  ])
  expect(missed(rush(THREE, { told: TOLD }), flood).join()).toContain('p95 of owners')
})

test('what was told to somebody who was begun before it was read counts for nothing', () => {
  expect(errors(rush(THREE, { told: [{ id: 'ada', at: 2 * SECOND, position: 1, waitSeconds: 0 }] }))).toEqual({ position: [], wait: [] })
})

test('memory that grows steadily has a slope, and memory that settled has none', () => {
  const line = (bytes: (n: number) => number) => Array.from({ length: 30 }, (_, n) => ({ atMs: n * 60_000, bytes: bytes(n) }))
  expect(growthOf(line(n => 100 + n)).slopeBytesPerMinute).toBeCloseTo(1)
  expect(growthOf(line(n => Math.min(105, 100 + n)))).toMatchObject({ slopeBytesPerMinute: 0, grownBy: 0 })
})

const every = 40
const saw = (n: number) => (n % 5) * 30
test.each<[string, (n: number) => { bytes: number; oldBytes?: number }, number]>([
  ['what a process holds climbs, what it keeps does not', n => ({ bytes: 100 + 5 * n, oldBytes: 50 + saw(n) }), 0],
  ['what it keeps climbs below its garbage', n => ({ bytes: 500, oldBytes: 50 + n + saw(n) }), 20 / 60],
  ['it is warming up', n => ({ bytes: 500, oldBytes: n < 10 ? 10 + n : 50 + saw(n) }), 0],
  ['garbage that is never collected is kept', n => ({ bytes: 500, oldBytes: n < 20 ? 50 : 60 }), 0.2],
  ['nobody tells of an old generation', n => ({ bytes: n < 30 ? 100 : 90 }), -0.1],
])('what is kept is the least of a third: %s', (_, memory, grownBy) => {
  const line = Array.from({ length: every }, (_, n) => ({ atMs: n * SECOND, ...memory(n) }))
  expect(growthOf(line).grownBy).toBeCloseTo(grownBy)
})

test('a process tells of its old generation what it has in use', async () => {
  using folder = tempFolder()
  const file = join(folder.path, 'a heap')
  const telling = pathToFileURL(resolve(import.meta.dirname, '../../bench/load/tell-heap.ts'))
  telling.searchParams.set('to', file)
  expect(oldGenerationBytes(file)).toBeUndefined()
  const program = `const kept = Array.from({ length: 1e6 }, (_, n) => ({ n })); require('fs').watch(${JSON.stringify(folder.path)}, () => process.exit(kept.length - 1e6))`
  const child = spawn(process.execPath, ['--import', telling.href, '-e', program], { stdio: 'inherit' })
  await once(child, 'exit')
  expect(oldGenerationBytes(file)).toBeGreaterThan(16e6)
})

test('one seed plans one rush, and a flood changes nothing else of it', () => {
  const shape = { seed: 7, submissions: 200, owners: 40, windowMs: 10_000 }
  const plain = planRush(shape)
  expect(planRush(shape)).toEqual(plain)
  expect(new Set(plain.map(each => each.owner)).size).toBe(40)
  const flooded = planRush({ ...shape, flood: { owner: 'course-c-learner-1', submissions: 30, atMs: 3000 } })
  expect(flooded.filter(each => !each.flood)).toEqual(plain)
  expect(flooded.length).toBe(230)
  expect(Object.values(ownersOf(200)).map(each => each.length)).toEqual([150, 40, 10])
})

test('the mix holds every kind, right and wrong', async () => {
  const mix = await readMix(EXERCISES)
  const chosen = Array.from({ length: 2000 }, (_, n) => mix.choose(n / 2000))
  expect([...new Set(chosen.map(each => each.kind))].toSorted()).toEqual(['endpoint', 'endpoint with database', 'migration', 'query'])
  expect(new Set(chosen.map(each => each.expected)).size).toBeGreaterThan(2)
  expect(chosen.filter(each => each.expected === 'accepted').length / chosen.length).toBeCloseTo(0.5, 1)
})

test.each(['--submissions=0', '--owners=x', '--minutes=1.5', '--nonsense'])('%s is refused', option => {
  expect(() => readOptions([option])).toThrow(option.slice(2, 8))
})
