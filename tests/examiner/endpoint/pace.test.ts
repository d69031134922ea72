import type { Duplex } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { Http } from '../../../examiner/authoring/http.ts'
import { judge, measureRound } from '../../../examiner/endpoint/pace/measure.ts'
import type { ControlAction } from '../../../core/examiner-protocol.ts'
import { bundleOf, grade, hiddenFile } from '../../support/examiner-harness.ts'

describe('rounds come to a verdict:', () => {
  const rounds = (...ratios: number[]) => ratios.map(ratio => ({ reference: 10, subject: 10 * ratio }))
  test.each([
    ['none beyond the factor, one of them at it', rounds(1, 4, 0.5), 'within'],
    ['all beyond', rounds(4.001, 9, 40), 'beyond'],
    ['all but one', rounds(9, 9, 9, 9, 3.999), 'inconclusive'],
  ] as const)('%s', (_, pairs, verdict) => {
    expect(judge(pairs, { factor: 4, atOnce: 1 }).verdict).toBe(verdict)
  })

  test('of requests per second the fewer are the slower', () => {
    const pairs = [{ reference: 90, subject: 10 }]
    expect(judge(pairs, { factor: 4, atOnce: 8 })).toMatchObject({ of: 'throughput', verdict: 'beyond', rounds: [{ ratio: 9 }] })
  })
})

describe('a round', () => {
  const answering = (ms: number[]): Http => ({ request: () => wait(ms.shift()) }) as unknown as Http

  test('is the lower quartile of its requests, however long most of them took', async () => {
    const act = async (http: Pick<Http, 'get'>) => {
      for (let time = 0; time < 5; time++) await http.get('/')
    }
    expect(await measureRound(answering([600, 1, 600, 1, 600]), act, 1)).toBeLessThan(300)
  })

  test.each<[string, Parameters<typeof measureRound>[1], RegExp]>([
    ['without a request', () => {}, /expected at least one request/],
    ['of several at a time', http => Promise.all([http.get('/'), http.post('/')]), /one request after the other/],
  ])('%s is refused', async (_, act, words) => {
    await expect(measureRound(answering([1, 1]), act, 1)).rejects.toThrow(words)
  })

  test('waits for all calls before it throws what one threw', async () => {
    let ended = 0
    const act = async (http: Pick<Http, 'get'>, at: number) => {
      if (at === 0) throw new Error('the first')
      await http.get('/')
      ended++
    }
    await expect(measureRound(answering([20, 20]), act, 3)).rejects.toThrow('the first')
    expect(ended).toBe(2)
  })
})

/** What is asked of the pod, and who is asked for an answer. */
async function heard(tests: string, manifest: object = {}) {
  const asked: string[] = []
  const answering = (name: string) => (stream: Duplex) => {
    stream.once('data', () => {
      asked.push(name)
      stream.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
    })
  }
  const files = { 'reference/node/server.js': '', ...hiddenFile(tests) }
  const grading = await grade(bundleOf(files, { reference: 'submissions/accepted/ours', ...manifest }), {
    subject: answering('S'),
    reference: answering('R'),
    control: (action: ControlAction) => void asked.push(action),
  })
  return { asked, ...grading }
}
const COMPARE = `pace.compare(http => http.get('/'), { factor: 1000000 })`

test('both take turns, the reference first in one round and last in the next, and the program stands still in between', async () => {
  const { asked, results } = await heard(`test('one', { id: 'one', task: 'one' }, ({ pace }) => ${COMPARE})`)
  expect(results['one']).toMatchObject({ status: 'passed' })
  const [freeze, thaw] = ['subject.freeze', 'subject.thaw']
  const warm = ['reference.restart', freeze, 'R', thaw, 'S']
  const rounds = ['S', freeze, 'R', 'R', thaw, 'S', 'S', freeze, 'R', 'R', thaw, 'S', 'S', freeze, 'R', thaw]
  expect(asked).toEqual([...warm, ...rounds])
})

test('the reference is made as new as the program, but only where something is compared with it again', async () => {
  const { asked } = await heard(
    `test('one', { id: 'one', task: 'one' }, ({ pace }) => ${COMPARE})
    test('two', { id: 'two', task: 'one' }, () => {})
    test('three', { id: 'three', task: 'one' }, ({ pace }) => ${COMPARE})`,
    { isolation: 'test' },
  )
  expect(asked.filter(each => each.endsWith('restart'))).toEqual([
    'reference.restart',
    'subject.restart',
    'subject.restart',
    'reference.restart',
  ])
  // Its start is nothing that the program may slow either.
  expect(asked[asked.lastIndexOf('reference.restart') - 1]).toBe('subject.freeze')
})

test('the program is let go when a test ends while it stands still', async () => {
  const { asked, broken } = await heard(
    `test('one', { id: 'one', task: 'one' }, ({ pace }) => pace.compare(() => { throw new Error('odd') }, { factor: 4 }))`,
  )
  expect(asked.at(-1)).toBe('subject.thaw')
  expect(broken).toMatchObject({
    file: 'submissions/accepted/ours',
    message: expect.stringContaining('The reference did not do what test "one" expects: odd'),
  })
})

test('without a reference there is no pace', async () => {
  const { results } = await grade(bundleOf(hiddenFile(`test('one', { id: 'one', task: 'one' }, ({ pace }) => ${COMPARE})`)))
  expect(results['one']!.message).toMatch(/"pace" is not there/)
})
