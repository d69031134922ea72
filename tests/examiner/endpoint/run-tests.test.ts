import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundleOf, ExaminerProcess, grade, hiddenFile, jobOf, NONCE, type Grading } from '../../support/examiner-harness.ts'
import { startLearnerServer, type LearnerServer } from './learner-server.ts'

let server: LearnerServer
beforeAll(async () => {
  server = await startLearnerServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const gradeCode = (code: string, manifest: Record<string, unknown> = {}) =>
  grade(bundleOf(hiddenFile(code), manifest), { subject: server.port })

describe('http', () => {
  test('sends and reads what a client of a backend does', async () => {
    const { results } = await gradeCode(`
      test('get', { id: 'get', task: 'one' }, async ({ http }) => {
        const { status, headers, cookies, json, text, bytes } = await http.get('/x?z=0', { query: { a: [1, 'b c'], d: true }, headers: { Accept: 'text/x' } })
        expect(status).toBe(200)
        expect(json).toMatchObject({ method: 'GET', url: '/x?z=0&a=1&a=b+c&d=true', body: '', headers: { accept: 'text/x', host: 'localhost' } })
        expect(json.headers).not.toHaveProperty('user-agent')
        expect(headers['set-cookie']).toBe('a=1, b=2')
        expect(cookies).toEqual(['a=1', 'b=2'])
        expect(text).toContain('"GET"')
        expect(bytes.length).toBe(text.length)
      })
      test('post', { id: 'post', task: 'one' }, async ({ http }) => {
        const { json } = await http.post('/x', { json: { ü: [1] } })
        expect(json).toMatchObject({ method: 'POST', body: '{"ü":[1]}', headers: { 'content-type': 'application/json', 'content-length': '10' } })
        expect((await http.put('/x', { body: 'raw', headers: { 'Content-Type': 'text/plain' } })).json)
          .toMatchObject({ method: 'PUT', body: 'raw', headers: { 'content-type': 'text/plain' } })
        expect((await http.delete('/x')).json.method).toBe('DELETE')
        expect((await http.request('head', '/x')).bytes.length).toBe(0)
      })
      test('many', { id: 'many', task: 'one' }, async ({ http }) => {
        const all = await Promise.all(Array.from({ length: 200 }, (_, i) => http.patch('/' + i)))
        expect(all.map(({ json }) => json.url)).toEqual(Array.from({ length: 200 }, (_, i) => '/' + i))
      })`)
    expect(results).toMatchObject({ get: { status: 'passed' }, post: { status: 'passed' }, many: { status: 'passed' } })
  })

  test('tells an author what was called wrongly', async () => {
    const { results } = await gradeCode(`
      test('path', { id: 'path', task: 'one' }, ({ http }) => http.get('x'))
      test('both', { id: 'both', task: 'one' }, ({ http }) => http.post('/x', { json: 1, body: '1' }))
      test('db', { id: 'db', task: 'one' }, ({ db }) => db.query('select 1'))
      test('header', { id: 'header', task: 'one' }, ({ http }) => http.get('/x', { headers: { token: 'a\\nb' } }))
      test('method', { id: 'method', task: 'one' }, ({ http }) => http.request('GET IT', '/x'))
      test('log', { id: 'log', task: 'one' }, ({ log }) => log.waitFor('('))`)
    expect(results['header']!.message).toContain("TypeError: GET /x can't be sent\n\ncaused by: invalid token header")
    expect(results['method']!.message).toContain("TypeError: GET IT /x can't be sent\n\ncaused by: invalid request method")
    expect(results['log']!.message).toContain('TypeError: log.waitFor: expected a regular expression, got string')
    expect(results['path']!.message).toContain('TypeError: expected a path that begins with "/", got "x"\n\nat tests/hidden/a.test.ts:3:')
    expect(results['both']!.message).toContain('expected either json or body, got both')
    expect(results['db']!.message).toContain('"db" is not there: this endpoint exercise has http, log')
  })

  test('says that nothing listens', async () => {
    const bundle = bundleOf(hiddenFile(`test('one', { id: 'one', task: 'one' }, ({ http }) => http.get('/'))`))
    const { results } = await grade(bundle, { subject: stream => stream.destroy() })
    expect(results['one']!.message).toContain('GET /: the program closed the connection without an answer.')
  })
})

describe('a failure in words', () => {
  const CASES: [code: string, words: string][] = [
    [
      'expect((await http.get("/")).status).toBe(201)',
      'expected 200 to be 201\n\n- Expected\n+ Received\n\n- 201\n+ 200\n\nat tests/hidden/a.test.ts:2:',
    ],
    ['expect({ a: 1, b: [{ c: 2 }] }).toEqual({ a: 1, b: [{ c: 3 }] })', '-       "c": 3,\n+       "c": 2,'],
    ['await expect(Promise.resolve(1)).rejects.toThrow()', 'promise resolved "1" instead of rejecting'],
    [
      'expect({ id: "x" }).toMatchSchema({ type: "object", properties: { id: { type: "integer" } } })',
      'expected the value to be valid by the schema: /id must be integer',
    ],
    ['throw { code: 5 }', 'The test threw { code: 5 }'],
    ['throw undefined', 'The test threw undefined'],
    ['null.x', "TypeError: Cannot read properties of null (reading 'x')"],
    [
      'throw new Error("\\u001B[31mred\\u001B[0m \\uD800 \\u202E \\0 end", { cause: new Error("deep") })',
      'red \uFFFD \uFFFD \uFFFD end\n\ncaused by: deep',
    ],
    [
      'throw { get message() { throw 1 }, [Symbol.for("nodejs.util.inspect.custom")]() { throw 2 } }',
      "The test threw { message: '[throws]' }",
    ],
    ['throw new Proxy({}, { ownKeys() { throw 1 } })', 'The test threw something that cannot be shown.'],
    ['fc.assert(fc.property(fc.integer(), n => n < 100))', 'Counterexample: [100]'],
    ['expect("x".repeat(9_000_000)).toBe("y")', '(9000000 characters)'],
  ]
  let results: Grading['results']
  beforeAll(async () => {
    const tests = CASES.map(([code], at) => `test('it', { id: 'it-${at}', task: 'one' }, async ({ http }) => { ${code} })`)
    results = (await gradeCode(tests.join('\n'))).results
  })

  test.each(CASES.map(([code, words], at) => [code, words, at] as const))('%s', (_code, words, at) => {
    const { status, message } = results[`it-${at}`]!
    expect(status).toBe('failed')
    expect(message).toContain(words)
    expect(message!.length).toBeLessThanOrEqual(8000)
    expect(message).not.toMatch(/\[object Object\]/)
  })
})

test('an assertion that was not awaited and a rejection that nobody took fail the test they stand in', async () => {
  const { results } = await gradeCode(`
    test('assertion', { id: 'assertion', task: 'one' }, async () => { expect(Promise.resolve(1)).resolves.toBe(2) })
    test('forgotten', { id: 'forgotten', task: 'one' }, async () => { expect(Promise.resolve(1)).resolves.toBe(1) })
    test('rejection', { id: 'rejection', task: 'one' }, async () => { Promise.reject(new Error('nobody took me')) })
    test('exception', { id: 'exception', task: 'one' }, async () => { setTimeout(() => { throw new Error('out of nowhere') }); await new Promise(next => setTimeout(next, 50)) })
    test('fine', { id: 'fine', task: 'one' }, async () => { await expect(Promise.resolve(1)).resolves.toBe(1) })`)
  expect(results['assertion']!.message).toContain('was not awaited')
  expect(results['forgotten']!.message).toContain('was not awaited')
  expect(results['rejection']!.message).toContain('nobody took me')
  expect(results['exception']!.message).toContain('out of nowhere')
  expect(results['fine']!.status).toBe('passed')
})

test('a test ends at its limit, and nothing that it does later is heard', async () => {
  const { results, messages } = await gradeCode(`
    let later
    test('slow', { id: 'slow', task: 'one', timeLimitMs: 300 }, async ({ http, signal }) => {
      signal.addEventListener('abort', () => {
        later = http.get('/later')
        Promise.reject(new Error('late rejection'))
        setTimeout(() => { throw new Error('late exception') }, 20)
        setTimeout(() => Promise.reject(new Error('later still')), 40)
      })
      await http.get('/never')
    })
    test('next', { id: 'next', task: 'one' }, async ({ http }) => {
      await new Promise(next => setTimeout(next, 100))
      await expect(later).rejects.toThrow('time was over')
      expect((await http.get('/after')).status).toBe(200)
    })
    test('many', { id: 'many', task: 'one', timeLimitMs: 300 }, async ({ http }) => {
      await Promise.all([http.get('/never'), http.post('/never'), http.get('/never')])
    })
    test('held', { id: 'held', task: 'one', timeLimitMs: 100 }, () => { const end = Date.now() + 200; while (Date.now() < end); })
    test('last', { id: 'last', task: 'one' }, () => {})`)
  expect(results['slow']).toMatchObject({
    status: 'timed_out',
    message: 'The test did not end within its time of 0.3 s. It was waiting for the answer to GET /never.',
  })
  expect(results['next']).toMatchObject({ status: 'passed' })
  expect(results['many']!.message).toContain('It was waiting for the answer to GET /never (2 times), the answer to POST /never.')
  expect(results['held']!.status).toBe('timed_out')
  expect(results['last']!.status).toBe('passed')
  expect(server.requests).not.toContain('GET /later')
  expect(messages.map(message => message.type).slice(-3)).toEqual(['test-start', 'test-end', 'end'])
})

test('the default limit of a test is the exercise’s', async () => {
  const { results } = await gradeCode(`test('slow', { id: 'slow', task: 'one' }, ({ http }) => http.get('/never'))`, {
    limits: { test: '200ms' },
  })
  expect(results['slow']!.message).toContain('The test did not end within its time of 0.2 s.')
})

test('nothing that a test prints comes between the frames, and it prints no more than is read', async () => {
  const { results, stderr } = await gradeCode(`
    console.log('loaded')
    test('loud', { id: 'loud', task: 'one' }, async () => {
      process.stdout.write(Buffer.from([2, 0, 0, 0, 1, 255, 255, 255, 255]))
      console.log('hello from a test')
      for (let i = 0; i < 10_000; i++) console.error('x'.repeat(100))
    })`)
  expect(results['loud']!.status).toBe('passed')
  expect(stderr).toContain('loaded\n')
  expect(stderr).toContain('hello from a test')
  expect(stderr.length).toBeLessThanOrEqual(64 * 1024)
})

test('random data and properties are the same for the same seed only', async () => {
  const code = `
    test('one', { id: 'one', task: 'one' }, ({ seed }) => { throw new Error([seed, random.word(), random.integer(1, 1e6), random.uuid(), random.letters(9), random.pick([1, 2, 3]), random.shuffle([1, 2, 3]), fc.sample(fc.integer(), { numRuns: 3 })].join()) })
    test('two', { id: 'two', task: 'one' }, () => { throw new Error(random.word()) })`
  const words = async (seed: number) =>
    Object.values((await grade(bundleOf(hiddenFile(code)), {}, { seed })).results).map(({ message }) => message!.split('\n')[0])
  const [first, again, other] = [await words(5), await words(5), await words(6)]
  expect(first).toEqual(again)
  expect(other[0]).not.toBe(first[0])
  expect(first[0]).toMatch(/^5,[a-z]{6},\d+,[0-9a-f]{8}-[0-9a-f-]{27},[a-z0-9]{9},/)
})

describe('order and isolation', () => {
  const file = (name: string) => `
    import { test, expect } from 'assay'
    test('1', { id: '${name}-1', task: 'one' }, ({ http }) => http.get('/${name}-1'))
    test('2', { id: '${name}-2', task: 'one' }, ({ http }) => http.get('/${name}-2'))`
  const files = { 'tests/visible/v.test.ts': file('v'), 'tests/hidden/a.test.ts': file('a'), 'tests/hidden/b.test.ts': file('b') }

  async function order(manifest: Record<string, unknown>, mode: 'run' | 'submit' = 'submit') {
    const happened: string[] = []
    await grade(
      bundleOf(files, manifest),
      {
        subject: server.port,
        control: action => void happened.push(action),
        heard: message => {
          if (message.type === 'test-start') happened.push(message.id)
          if (message.type === 'ready') happened.push('ready')
        },
      },
      { mode },
    )
    return happened.join(' ')
  }

  test('by file: visible first, as new before each but the first', async () => {
    expect(await order({})).toMatch(/^ready v-1 v-2 subject\.restart (a-1 a-2 subject\.restart b-1 b-2|b-1 b-2 subject\.restart a-1 a-2)$/)
  })
  test('by test', async () => {
    expect(await order({ isolation: 'test' }, 'run')).toBe('ready v-1 subject.restart v-2')
  })
  test('run: visible tests only', async () => {
    expect(await order({}, 'run')).toBe('ready v-1 v-2')
  })
})

describe('log', () => {
  const lines = (text: string) => ({ type: 'log' as const, from: 'stdout' as const, text })

  test('gives the lines of this test only, and waits for one', async () => {
    const bundle = bundleOf(
      hiddenFile(`
      test('first', { id: 'first', task: 'one' }, async ({ log }) => {
        expect(await log.waitFor(/three/)).toBe('line three')
        expect(log.lines()).toEqual(['one', 'two', 'line three', 'unfini'])
        expect(await log.waitFor(/^t/)).toBe('two')
      })
      test('second', { id: 'second', task: 'one', timeLimitMs: 300 }, async ({ log }) => {
        expect(log.lines()).toEqual([])
        await log.waitFor(/one/)
      })`),
    )
    const { results } = await grade(bundle, {
      heard: (message, examiner) => {
        if (message.type === 'ready') examiner.say(lines('before\n'))
        if (message.type !== 'test-start' || message.id !== 'first') return
        for (const text of ['one\r\ntwo\n', 'line ', 'three\nunfini']) examiner.say(lines(text))
      },
    })
    expect(results['first']).toMatchObject({ status: 'passed' })
    expect(results['second']!.message).toContain('It was waiting for a line of the log that matches /one/.')
  })
})

describe('protocol', () => {
  const SAMPLE = hiddenFile(`test('fine', { id: 'fine', task: 'one' }, () => {})`)

  test('the last word has the nonce and every test of the plan', async () => {
    const { end } = await grade(bundleOf(SAMPLE))
    expect(end).toMatchObject({ nonce: NONCE, results: [{ id: 'fine', status: 'passed' }] })
  })

  test('ends when the worker’s line does', async () => {
    const examiner = new ExaminerProcess()
    examiner.say(jobOf(bundleOf(SAMPLE), { jobMode: 'grade' }))
    for await (const message of examiner.messages()) if (message.type === 'ready') break
    await examiner[Symbol.asyncDispose]()
    expect(examiner.exitCode).toBe(0)
  })

  test('what the worker can’t do is ours', async () => {
    const bundle = bundleOf({
      ...SAMPLE,
      'tests/hidden/b.test.ts': `import { test } from 'assay'\ntest('b', { id: 'b', task: 'one' }, () => {})`,
    })
    const { end, broken } = await grade(bundle, { control: () => Promise.reject(new Error('PostgreSQL is on fire')) })
    expect(end).toBeUndefined()
    expect(broken).toMatchObject({ type: 'broken', file: 'examiner' })
    expect(broken!.message).toContain('PostgreSQL is on fire')
  })

  test('a very long report still fits its line', async () => {
    const many = Array.from(
      { length: 300 },
      (_, i) => `test('t${i}', { id: 't${i}', task: 'one' }, () => { throw new Error('${'é'.repeat(7000)}') })`,
    )
    const { end } = await grade(bundleOf(hiddenFile(many.join('\n'))))
    expect(end!.results).toHaveLength(300)
    expect(end!.results.every(result => result.status === 'failed' && result.message!.startsWith('éé'))).toBe(true)
  })
})
