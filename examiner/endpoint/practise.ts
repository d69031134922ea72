import { duplexPair, type Duplex } from 'node:stream'
import type { EndpointManifest } from '../../core/exercise.ts'
import { expect } from '../authoring/expect.ts'
import type { Fixtures } from '../authoring/fixtures.ts'
import type { GradeContext } from '../kind.ts'
import type { LoadedTest } from '../load-tests.ts'
import type { Pod } from '../pod.ts'
import { runTests, type FixtureSource } from '../run-tests.ts'

/*
 * The first tests, requests and assertions of a process take many times as long as later ones: their code is found, compiled and
 * learnt on the way. An examiner grades once, so it runs some ahead, by the way of all tests, against a program of its own.
 */
const TESTS = 8

const BODY = JSON.stringify({ id: 1, name: 'practice', items: [{ id: 2 }, { id: 3 }] })
const ANSWER = `HTTP/1.1 201 Created\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${BODY.length}\r\nConnection: close\r\n\r\n${BODY}`

type Context = Pick<GradeContext<EndpointManifest>, 'manifest' | 'seed' | 'folder'>

/** `fixturesOf` is what gives the exercise's own tests their fixtures. */
export async function practise({ manifest, seed, folder }: Context, fixturesOf: (pod: Pod) => FixtureSource['open']): Promise<void> {
  const nobody = { openSubject: answering, onOutput: () => () => {} } as Partial<Pod> as Pod
  const tests = Array.from({ length: TESTS }, (_, index) => practice(`practice-${index}`))
  const results = await runTests({
    manifest,
    seed,
    folder,
    plan: [{ file: 'practice', tests: tests.map(({ fact }) => fact.id) }],
    loaded: new Map(tests.map(each => [each.fact.id, each])),
    isolation: 'file',
    source: { fresh: async () => {}, open: fixturesOf(nobody) },
    watch: { onStart: async () => {}, onEnd: () => {} },
  })
  const failed = results.find(({ status }) => status !== 'passed')
  if (failed) throw new Error(`a test that is only practice did not pass: ${failed.message}`)
}

function practice(id: string): LoadedTest {
  const about = { name: id, task: 'practice', points: 0, timeLimitMs: 60_000, file: 'practice' }
  return { fact: { id, ...about, visibility: 'hidden', feedback: 'none' }, body }
}

async function body({ http }: Fixtures): Promise<void> {
  const { status, headers, json } = await http.post('/practice', { json: { name: 'practice', items: [] } })
  expect(status).toBe(201)
  expect(headers['content-type']).toContain('json')
  expect(json).toEqual({ id: 1, name: 'practice', items: [{ id: 2 }, { id: 3 }] })
  expect((await http.get('/practice', { query: { limit: 3 } })).json).toMatchObject({ id: 1 })
  expect((await http.put('/practice/1', { json: { id: 1 } })).json.items.slice(-1)).toEqual([{ id: 3 }])
}

function answering(): Duplex {
  const [mine, theirs] = duplexPair()
  theirs.once('data', () => theirs.end(ANSWER))
  theirs.on('error', () => {})
  return mine
}
