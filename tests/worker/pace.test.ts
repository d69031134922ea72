import { describe, expect, test } from 'vitest'
import { gradeLocally } from '../../worker/grade-local.ts'
import { openDockerSandbox } from '../../worker/sandbox/docker/docker-sandbox.ts'
import { bundleOf } from '../support/examiner-harness.ts'

/*
 * A program beside the exercise's reference, for real, each in boxes of its own. Both wait before they answer, the slow ones
 * twenty times as long, where four times is the bound: what else the machine does is little beside that.
 */
const sandbox = openDockerSandbox({})
const PACE_MS = 100
const SLOW_MS = 20 * PACE_MS

/** Answers `answer` after so many milliseconds of waiting, which costs no processor time. */
const program = ({ after = String(PACE_MS), answer = `'right'`, before = '' } = {}) => ({
  'server.js': `${before}
    require('node:http').createServer((request, response) => setTimeout(() => response.end(${answer}), ${after})).listen(process.env.PORT)`,
})
const slow = program({ after: String(SLOW_MS) })

const compare = (options = '{ factor: 4 }') =>
  `await pace.compare(async http => expect((await http.get('/')).text).toBe('right'), ${options})`

function exercise(body: string, reference: Record<string, string>, timeLimitMs: number) {
  const files = {
    'tests/visible/a.test.ts': `import { expect, test } from 'assay'
      test('keeps up', { id: 'pace', task: 'one', points: 1, timeLimitMs: ${timeLimitMs} }, async ({ http, pace }) => { ${body} })`,
    ...Object.fromEntries(Object.entries(reference).map(([path, text]) => [`reference/node/${path}`, text])),
  }
  return { bundle: bundleOf(files, { reference: 'submissions/accepted/ours', limits: { start: '10s', total: '60s' } }) }
}

async function graded(files: Record<string, string>, { body = compare(), reference = program(), timeLimitMs = 25_000 } = {}) {
  const { outcome, reason, tests } = await gradeLocally({ sandbox, exercise: exercise(body, reference, timeLimitMs), files, seed: 5 })
  return { outcome, reason, test: tests[0]! }
}

test('a program as fast as the reference passes, with every round in its report', async () => {
  const { outcome, test: own } = await graded(program())
  expect(outcome).toBe('accepted')
  expect(own.paces).toMatchObject([{ of: 'latency', factor: 4, atOnce: 1, verdict: 'within' }])
  expect(own.paces![0]!.rounds).toHaveLength(5)
  for (const { reference, subject } of own.paces![0]!.rounds) expect(Math.min(reference, subject)).toBeGreaterThanOrEqual(PACE_MS - 1)
})

test('a program that is too slow in every round fails, in words without figures', async () => {
  const { outcome, test: own } = await graded(slow)
  expect(outcome).toBe('wrong_answer')
  expect(own.paces).toMatchObject([{ verdict: 'beyond' }])
  expect(own.message).toMatch(/in each of 5 rounds the program took more than 4 times as long as the reference/)
})

test('one that is slow in some rounds only passes as inconclusive', async () => {
  // One request to get warm, then one for each round.
  const { outcome, test: own } = await graded(program({ before: 'let asked = 0', after: `++asked <= 3 ? ${SLOW_MS} : ${PACE_MS}` }))
  expect(outcome).toBe('accepted')
  expect(own.paces).toMatchObject([{ verdict: 'inconclusive' }])
  expect(own.paces![0]!.rounds.map(({ ratio }) => ratio > 4)).toEqual([true, true, false, false, false])
})

describe('requests per second are compared where several are under way:', () => {
  const body = compare('{ factor: 4, atOnce: 12, rounds: 6 }')

  test('a program that takes one after the other is told so', async () => {
    const oneByOne = `let line = Promise.resolve()
      require('node:http').createServer((request, response) => {
        line = line.then(() => new Promise(done => setTimeout(() => done(response.end('right')), ${PACE_MS})))
      }).listen(process.env.PORT)`
    expect((await graded({ 'server.js': oneByOne }, { body })).test).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('in each of 6 rounds the reference answered more than 4 times as many requests a second'),
      paces: [{ of: 'throughput', atOnce: 12, verdict: 'beyond' }],
    })
  })

  test('one that takes them together passes', async () => {
    expect((await graded(program(), { body })).test).toMatchObject({ status: 'passed', paces: [{ of: 'throughput', verdict: 'within' }] })
  })
})

test('a fast wrong answer fails by what the test expects of it', async () => {
  const { outcome, test: own } = await graded(program({ answer: `'wrong'`, after: '0' }))
  expect(outcome).toBe('wrong_answer')
  expect(own.message).toContain(`expected 'wrong' to be 'right'`)
  expect(own).not.toHaveProperty('paces')
})

test('both draw the same data, and are prepared the same way', async () => {
  const echo = program({
    before: 'let seen = []',
    answer: `request.method === 'PUT' ? String(seen.push(request.url)) : seen[0]`,
    after: '0',
  })
  const body = `const drawn = []
    await pace.compare(async http => { drawn.push((await http.get('/')).text + random.integer(1, 1e9)) },
      { factor: 1e9, prepare: http => http.put('/' + random.integer(1, 1e9)) })
    expect(drawn).toHaveLength(12)
    expect(new Set(drawn).size).toBe(6)`
  expect(await graded(echo, { reference: echo, body: `const { random } = await import('assay'); ${body}` })).toMatchObject({
    outcome: 'accepted',
  })
})

test('the reference has a database of its own, as new as the program’s', async () => {
  // Each POST adds a row; each GET counts them.
  const counting = {
    'server.js': `const { Pool } = require('pg')
      const pool = new Pool({ connectionString: process.env.DATABASE_URL })
      require('node:http').createServer(async (request, response) => {
        if (request.method === 'POST') await pool.query('insert into t values (1)')
        response.end((await pool.query('select count(*) from t')).rows[0].count)
      }).listen(process.env.PORT)`,
  }
  const tests = ['one', 'two'].map(
    id => `test('${id}', { id: '${id}', task: 'one', timeLimitMs: 20000 }, async ({ http, db, pace }) => {
      const count = async of => Number((await of.get('/')).text)
      await pace.compare(async of => expect(await count(of)).toBe(2), { factor: 1e6, prepare: of => of.post('/') })
      await http.post('/')
      expect(await count(http)).toBe(3)
      expect(await db.query('select * from t')).toHaveLength(3)
    })`,
  )
  const files = {
    'schema.sql': 'create table t (a int); insert into t values (0)',
    'tests/visible/a.test.ts': `import { expect, test } from 'assay'\n${tests.join('\n')}`,
    'reference/node/server.js': counting['server.js'],
  }
  const bundle = bundleOf(files, {
    reference: 'submissions/accepted/ours',
    services: { postgres: { schema: 'schema.sql' } },
    isolation: 'test',
    limits: { start: '10s', total: '60s' },
  })
  const report = await gradeLocally({ sandbox, exercise: { bundle }, files: counting, seed: 5 })
  expect(report, JSON.stringify([report.reason, report.tests])).toMatchObject({ outcome: 'accepted' })
})

describe('while the reference works', () => {
  /** Answers /longest with the longest time between two turns of its event loop. */
  const watchful = program({
    before: `let last = Date.now(), longest = 0
      setInterval(() => { const now = Date.now(); longest = Math.max(longest, now - last); last = now }, 2)`,
    answer: `request.url === '/longest' ? String(longest) : 'right'`,
  })

  test('the program stands still, and goes on afterwards', async () => {
    const body = `${compare()}; expect(Number((await http.get('/longest')).text), 'longest pause').toBeGreaterThanOrEqual(${SLOW_MS})`
    expect(await graded(watchful, { body, reference: slow })).toMatchObject({ outcome: 'accepted' })
  })

  test('one that burns processor time when it is idle burns none', async () => {
    // Each thread notes the longest time between two turns of its loop.
    const burner = `const { workerData } = require('node:worker_threads')
      for (let last = Date.now(); ; ) { const now = Date.now(); workerData[0] = Math.max(workerData[0], now - last); last = now }`
    const before = `const longest = new Int32Array(new SharedArrayBuffer(4))
      new (require('node:worker_threads').Worker)(${JSON.stringify(burner)}, { eval: true, workerData: longest })`
    const files = program({ before, answer: `request.url === '/longest' ? String(longest[0]) : 'right'` })
    const body = `${compare()}; expect(Number((await http.get('/longest')).text), 'longest pause').toBeGreaterThanOrEqual(${SLOW_MS})`
    expect(await graded(files, { body, reference: slow })).toMatchObject({ outcome: 'accepted' })
  })

  test('nor does it pass by that where it is slow', async () => {
    const burning = `const { Worker } = require('node:worker_threads')
      for (let at = 0; at < 4; at++) new Worker('for (;;) {}', { eval: true })`
    const { outcome, test: own } = await graded(program({ before: burning, after: String(SLOW_MS) }))
    expect(own.paces).toMatchObject([{ verdict: 'beyond' }])
    expect(outcome).toBe('wrong_answer')
  })
})

describe('is the exercise’s fault:', () => {
  test.each<[string, Parameters<typeof graded>[1], RegExp]>([
    [
      'a reference that does not start',
      { reference: { 'server.js': 'console.error("no config"); process.exit(3)' } },
      /submissions\/accepted\/ours did not listen[^]*no config/,
    ],
    [
      'one that ends, whatever the test does',
      {
        reference: program({ before: 'setTimeout(() => process.exit(4), 500)' }),
        body: 'await new Promise(done => setTimeout(done, 3000))',
      },
      /submissions\/accepted\/ours ended/,
    ],
    [
      'one that answers otherwise',
      { reference: program({ answer: `'wrong'` }) },
      /submissions\/accepted\/ours: The reference did not do what test "pace" expects: expected 'wrong' to be 'right'/,
    ],
    [
      'one that takes the test’s time',
      { reference: program({ after: '60000' }), timeLimitMs: 2_000 },
      /The reference and the changes of turn took so much of the time that test "pace" has/,
    ],
  ])('%s', async (_, own, words) => {
    const { outcome, reason } = await graded(program(), own)
    expect(outcome).toBe('grader_error')
    expect(reason).toMatchObject({ code: 'EXERCISE_BROKEN', message: expect.stringMatching(words) })
  })
})

test('what would be noise is refused', async () => {
  const refused = [
    ['{ factor: 1.5 }', 'expected a factor of 2 or more, got 1.5'],
    ['{ factor: 4, rounds: 4 }', 'expected 5 to 20 rounds, got 4'],
    ['{ factor: 4, atOnce: 60 }', 'expected atOnce from 1 to 40, got 60'],
  ]
  const body = refused.map(
    ([options, words]) => `await expect((async () => { ${compare(options)} })()).rejects.toThrow(${JSON.stringify(words)})`,
  )
  expect(await graded(program(), { body: body.join('\n') })).toMatchObject({ outcome: 'accepted' })
})
