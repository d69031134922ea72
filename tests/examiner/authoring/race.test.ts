import { Duplex } from 'node:stream'
import { expect, test } from 'vitest'
import { race } from '../../../examiner/authoring/race.ts'
import { runInTest, testContext } from '../../../examiner/authoring/test-context.ts'
import { newAllowance } from '../../../examiner/endpoint/caps.ts'
import { exchange } from '../../../examiner/endpoint/exchange.ts'
import type { Pod } from '../../../examiner/pod.ts'
import { holdLastByte } from '../../../examiner/authoring/hold-last-byte.ts'
import { bundleOf, grade, hiddenFile, type PodEnds } from '../../support/examiner-harness.ts'

/** What is written to the connections of a program that answers nothing, in the order in which it is written: by the path, or `last` byte. */
async function written(seed: number, round?: number): Promise<string[]> {
  const seen: string[] = []
  const stop = new AbortController()
  const openSubject = () => {
    let path = ''
    const write = (chunk: Buffer, _: string, done: () => void) => {
      path ||= /^\S+ (\S+)/.exec(String(chunk))![1]!
      if (chunk.length > 0) seen.push(chunk.length === 1 ? 'last' : path)
      if (seen.filter(each => each === 'last').length === 12) stop.abort()
      done()
    }
    return new Duplex({ read() {}, write })
  }
  const context = { ...testContext('race', seed), ...(round !== undefined && { round }) }
  const request = (at: number) => ({ method: 'POST', path: `/${at}`, headers: {}, body: at % 2 ? '{"a":1}' : '' })
  const racing = () => race(12, at => exchange({ openSubject } as unknown as Pod, request(at), newAllowance(), stop.signal))
  await expect(runInTest(context, racing)).rejects.toThrow('no whole answer')
  return seen
}

test.each([0, 1])('every request but its last byte is sent before the last byte of any (round %i)', async round => {
  const seen = await written(7, round)
  expect(new Set(seen.slice(0, -12))).toEqual(new Set(Array.from({ length: 12 }, (_, at) => `/${at}`)))
  expect(seen.slice(-12)).toEqual(Array.from({ length: 12 }, () => 'last'))
})

test('the order in which they come is drawn from the seed', async () => {
  const [one, again, other] = [await written(1), await written(1), await written(2)]
  expect(again).toEqual(one)
  expect(other).not.toEqual(one)
})

/** A program that answers each request once it is whole, with the path of it. */
function program(answer: (path: string) => Promise<object> | object = path => ({ path })): PodEnds {
  const subject = (stream: Duplex) => {
    let text = ''
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)
      const [head, body] = text.split('\r\n\r\n')
      if (body !== undefined && body.length >= length) void respond(/^\S+ (\S+)/.exec(head!)![1]!)
    })
    const respond = async (path: string) => {
      const json = JSON.stringify(await answer(path))
      stream.end(`HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${json.length}\r\nConnection: close\r\n\r\n${json}`)
    }
  }
  return { subject }
}

const gradeCode = (code: string, ends: PodEnds = program()) =>
  grade(bundleOf(hiddenFile(`import { race, rounds, statusCounts } from 'assay'\n${code}`)), ends)

test('a race gives what its calls came to, by their numbers', async () => {
  const { results } = await gradeCode(`test('race', { id: 'race', task: 'one' }, async ({ http }) => {
    const answers = await race(12, at => at % 2 ? http.get('/' + at) : http.post('/' + at, { json: { at } }))
    expect(answers.map(({ json }) => json.path)).toEqual(Array.from({ length: 12 }, (_, at) => '/' + at))
    expect(statusCounts(answers)).toEqual({ 200: 12 })
  })`)
  expect(results['race']).toMatchObject({ status: 'passed' })
})

test('only the first request of a call meets others, and a call that makes none keeps nobody waiting', async () => {
  const { results } = await gradeCode(
    `test('calls', { id: 'calls', task: 'one' }, async ({ http }) => {
      const calls = [() => 'none', async () => (await http.get('/a'), (await http.get('/b')).json.path), () => http.put('/c', { body: 'x'.repeat(300000) })]
      const [none, second, large] = await race(3, at => calls[at]())
      expect(none).toBe('none')
      expect(second).toBe('/b')
      expect(large.json.path).toBe('/c')
    })`,
  )
  expect(results['calls']).toMatchObject({ status: 'passed' })
})

test('what one call throws is thrown when all have ended', async () => {
  const { results } = await gradeCode(
    `test('throws', { id: 'throws', task: 'one' }, async ({ http }) => {
      let ended = 0
      const failed = await race(5, async at => {
        await http.get('/' + at)
        ended++
        if (at % 2) throw new Error('call ' + at)
      }).catch(error => error.message)
      expect({ failed, ended }).toEqual({ failed: 'call 1', ended: 5 })
    })`,
  )
  expect(results['throws']).toMatchObject({ status: 'passed' })
})

test('an author is told what can’t be raced', async () => {
  const { results } = await gradeCode(
    `test('one', { id: 'one', task: 'one' }, ({ http }) => race(1, () => http.get('/')))
    test('many', { id: 'many', task: 'one' }, ({ http }) => race(41, () => http.get('/')))
    test('twice', { id: 'twice', task: 'one' }, ({ http }) => race(2, () => race(2, () => http.get('/'))))
    test('none', { id: 'none', task: 'one' }, () => rounds(0, () => {}))`,
  )
  expect(Object.values(results).map(({ message }) => message!.split('\n')[0])).toEqual([
    'RangeError: race: expected a whole number from 2 to 40, got 1',
    'RangeError: race: expected a whole number from 2 to 40, got 41',
    'race: another race of this test is under way',
    'RangeError: rounds: expected a whole number from 1 on, got 0',
  ])
})

/** Counts up with a look and a write; between them others run, unless it lets one in after the other. */
function counter({ locked }: { locked: boolean }): PodEnds {
  let count = 0
  let before: Promise<unknown> = Promise.resolve()
  const countUp = async () => {
    const read = count
    await new Promise(setImmediate)
    return (count = read + 1)
  }
  return program(async path => {
    if (path !== '/up') return { count }
    if (!locked) return { count: await countUp() }
    const mine = before.then(countUp)
    before = mine
    return { count: await mine }
  })
}

const COUNTING = `test('counts', { id: 'counts', task: 'one' }, async ({ http }) => {
  await rounds(6, async () => {
    const before = (await http.get('/')).json.count
    await race(8, () => http.post('/up'))
    expect((await http.get('/')).json.count - before, 'counted').toBe(8)
  })
})`

test('a lost update is found, in a round that is named; a program that loses none passes', async () => {
  const lost = await gradeCode(COUNTING, counter({ locked: false }))
  expect(lost.results['counts']!.message).toMatch(/^counted: expected \d to be 8 \(round 1 of 6\)/)
  const kept = await gradeCode(COUNTING, counter({ locked: true }))
  expect(kept.results['counts']).toMatchObject({ status: 'passed' })
})

test('a program that goes away meanwhile fails its request, and the race ends', async () => {
  const { results } = await gradeCode(
    `test('gone', { id: 'gone', task: 'one' }, ({ http }) => race(4, () => http.post('/', { json: {} })))`,
    { subject: stream => stream.destroy() },
  )
  expect(results['gone']).toMatchObject({ status: 'failed', message: expect.stringContaining('closed the connection without an answer') })
})

test('a connection that is let go before anything was written holds nothing back', () => {
  const sent: string[] = []
  const connection = { destroyed: false, write: (chunk: Buffer) => connection._write(chunk, 'utf8', () => {}) } as unknown as Duplex
  connection._write = chunk => void sent.push(String(chunk))
  const letGo = holdLastByte(connection, () => {})
  letGo()
  connection._write(Buffer.from('abc'), 'utf8', () => {})
  expect(sent.join('')).toBe('abc')
})
