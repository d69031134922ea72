import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { makeBundle, type Bundle } from '../core/bundle.ts'
import type { ExaminerJob, FromExaminer, ToExaminer } from '../core/examiner-protocol.ts'
import { manifestSchema } from '../core/exercise.ts'
import { jsonLine, jsonLines } from '../core/lines.ts'
import { EXAMINER_LINES } from '../core/examiner-lines.ts'
import { Mux } from '../core/mux.ts'

/*
 * Run when the examiner's image is built: grades something of each kind, so that Node keeps what it compiles on the way
 * (NODE_COMPILE_CACHE) and finds it at each start. What a process has kept of a file stays as it was first: the
 * endpoint, of which there is most, comes first. There is no database; SQL is gone through up to the failing login.
 */
const common = { title: 'Rehearsal', difficulty: 'easy', tasks: [{ id: 'one', title: 'One' }], editable: ['**'] }

const TEST = `import { test, expect, random } from 'assay'
  test('passes', { id: 'passes', task: 'one', points: 1 }, async ({ http, log }) => {
    const answer = await http.post('/things?' + random.integer(1, 9), { json: { name: random.word() }, headers: { 'x-a': 'b' } })
    expect(answer.status).toBe(200)
    expect(answer.headers['content-type']).toContain('json')
    expect(answer.json).toEqual({ id: expect.any(Number), names: ['a', 'b'] })
    expect(answer.json).toMatchObject({ id: 1 })
    expect(answer.json.names).toHaveLength(2)
    expect(answer.json).not.toHaveProperty('missing')
    expect(log.lines()).toBeInstanceOf(Array)
    await Promise.all([http.get('/'), http.put('/', { json: [] }), http.patch('/', { body: '' }), http.delete('/')])
    await expect(Promise.reject(new Error('no'))).rejects.toThrow('no')
  })
  test('fails', { id: 'fails', task: 'one', points: 1 }, async ({ http }) => {
    expect((await http.get('/things')).json).toEqual({ id: 2, names: ['b'] })
  })`

const files = { 'tests/hidden/a.test.ts': TEST }
const sql = {
  'schema.sql': 'CREATE TABLE t (a int);',
  'wanted.sql': 'CREATE TABLE t (a int);',
  'reference.sql': 'SELECT a FROM t',
  'd.sql': '',
}
const dataset = { task: 'one', file: 'd.sql', name: 'Rows' }

const REHEARSED: Record<string, Bundle> = {
  endpoint: bundleOf({ kind: 'endpoint', ...common, runtimes: { node: { entry: 'server.js' } } }, files),
  query: bundleOf(
    {
      kind: 'query',
      ...common,
      datasets: [
        { ...dataset, id: 'a' },
        { ...dataset, id: 'b' },
      ],
    },
    sql,
  ),
  migration: bundleOf({ kind: 'migration', ...common }, { ...sql, ...files }),
}

for (const [kind, bundle] of Object.entries(REHEARSED)) {
  const last = await rehearse(bundle)
  const wanted = kind === 'endpoint' ? 'end' : 'broken'
  if (last.type !== wanted) throw new Error(`the rehearsal of ${kind} ended with ${JSON.stringify(last)}`)
}

function bundleOf(manifest: object, exercise: Record<string, string>): Bundle {
  return makeBundle('rehearsal', manifestSchema.parse(manifest), exercise)
}

/** Grades in an examiner of its own, started with the flags of this process; gives its last word. */
async function rehearse(bundle: Bundle): Promise<FromExaminer> {
  const command = [...process.execArgv, join(import.meta.dirname, 'main.js'), '/tmp/rehearsal']
  const examiner = spawn(process.execPath, command, { stdio: ['pipe', 'pipe', 'inherit'] })
  const exited = new Promise(settle => examiner.once('exit', settle))
  const mux = new Mux({
    side: 'host',
    input: examiner.stdout,
    output: examiner.stdin,
    onStream: (name, stream) => (name === 'subject' ? answer(stream) : stream.destroy()),
    onBroken: () => {},
  })
  const line = mux.open('examiner')
  const say = (message: ToExaminer) => void line.write(jsonLine(message))
  const job: ExaminerJob = { type: 'job', nonce: 'n'.repeat(32), jobMode: 'grade', bundle, seed: 1, javascript: files }
  say(job)
  try {
    for await (const each of jsonLines(line, EXAMINER_LINES)) {
      const message = each as FromExaminer
      if (message.type === 'ready')
        say({ type: 'begin', submission: {}, plan: [{ file: 'tests/hidden/a.test.ts', tests: ['passes', 'fails'] }] })
      if (message.type === 'end' && message.results.map(({ status }) => status).join() !== 'passed,failed')
        throw new Error(JSON.stringify(message.results))
      if (message.type === 'end' || message.type === 'broken') return message
    }
    throw new Error('the examiner ended without a last word')
  } finally {
    examiner.stdin.end()
    // Node's own exit can wait forever for its compiler's threads (nodejs/node#54918).
    const late = setTimeout(() => examiner.kill('SIGKILL'), 10_000)
    await exited
    clearTimeout(late)
  }
}

/** The program of the rehearsal: the same answer to whatever is asked. */
function answer(stream: Duplex): void {
  const body = JSON.stringify({ id: 1, names: ['a', 'b'] })
  stream.once('data', () =>
    stream.end(`HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`),
  )
}
