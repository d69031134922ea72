import assert from 'node:assert/strict'
import type { Answer, Person, Platform } from '../platform.ts'

export default async function hiddenIdor(platform: Platform): Promise<string> {
  const [owner, stranger] = [await platform.person({ group: 'north' }), await platform.person({ group: 'south' })]
  const neighbour = await platform.person({ group: 'north' })
  const [staff, admin] = [await platform.person({ role: 'staff' }), await platform.person({ role: 'admin' })]
  const files = await platform.rightFiles('greeting')
  const secret = { ...files, 'server.js': `// OWNERS-SECRET\n${files['server.js']}` }
  const { id } = await platform.gradeToEnd(owner, { exercise: 'greeting', files: secret })
  let tried = 0

  /** Answered as if there were nothing there, in the very words. */
  async function isNothing(by: Person | undefined, method: string, path: string, body?: unknown): Promise<Answer> {
    tried += 1
    const answer = await platform.request(method, path, { ...(by && { as: by }), ...(body !== undefined && { body }) })
    const said = `${by?.owner ?? 'nobody'} asked ${method} ${path}: ${answer.status} ${answer.text.slice(0, 200)}`
    assert.ok([401, 404, 405].includes(answer.status), said)
    assert.ok(!answer.text.includes('OWNERS-SECRET') && !answer.text.includes('CANARY'), said)
    return answer
  }

  for (const by of [stranger, neighbour]) {
    for (const part of ['', '/report', '/files', '/events']) {
      const there = await isNothing(by, 'GET', `/api/v1/submissions/${id}${part}`)
      const notThere = await isNothing(by, 'GET', `/api/v1/submissions/sub_0${id.slice(5)}${part}`)
      assert.equal(wordsOf(there, id), wordsOf(notThere, `sub_0${id.slice(5)}`), 'what there is can be told from what there is not')
    }
    await isNothing(by, 'POST', `/api/v1/submissions/${id}/cancel`)
    for (const part of ['/report', '/files', '']) await isNothing(by, 'HEAD', `/api/v1/submissions/${id}${part}`)
    for (const method of ['PUT', 'PATCH', 'DELETE']) await isNothing(by, method, `/api/v1/submissions/${id}`, { owner: by.owner })
    for (const odd of [`${id}%2Freport`, `..%2F..%2Fsubmissions%2F${id}`, `${id}%00`, `${id};x`, `${id}.json`, ` ${id}`, `*`, `%25`]) {
      await isNothing(by, 'GET', `/api/v1/submissions/${odd}`)
    }
    // Ids near one's own.
    const own = await platform.submit(by, { exercise: 'bookings', files: await platform.rightFiles('bookings') })
    await platform.end(by, own)
    for (const last of 'abcXYZ019_-') if (!own.endsWith(last)) await isNothing(by, 'GET', `/api/v1/submissions/${own.slice(0, -1)}${last}`)

    // Lists hold one's own, whatever is asked for.
    for (const query of ['', `?group=north`, `?exercise=greeting`, `?owner=${by.owner}`, `?cursor=${id}`, '?limit=100']) {
      const { json, text } = await platform.request('GET', `/api/v1/submissions${query}`, { as: by })
      assert.ok(
        (json['items'] as { owner: string }[]).every(item => item.owner === by.owner),
        `${query} listed ${text}`,
      )
    }
    for (const query of [`?owner=${owner.owner}`, `?owner=${by.owner}&owner=${owner.owner}`]) {
      const { status, text } = await platform.request('GET', `/api/v1/submissions${query}`, { as: by })
      assert.ok(status === 400 || status === 403, `${query} was answered with ${status} ${text}`)
    }
    // One's own key doesn't find another's submission.
    for (const path of ['/gradings', '/requeue'])
      assert.ok(
        [403, 404].includes(
          (await platform.request(path === '/requeue' ? 'POST' : 'GET', `/api/v1/submissions/${id}${path}`, { as: by })).status,
        ),
      )
    for (const path of ['/metrics', '/api/v1/exercises/reload']) {
      const { status } = await platform.request(path === '/metrics' ? 'GET' : 'POST', path, { as: by })
      assert.equal(status, 403, `${path} was answered with ${status}`)
    }
  }

  // The hidden tests, by any address that could lead to them.
  const { text: exercise } = await platform.request('GET', '/api/v1/exercises/greeting', { as: stranger })
  assert.ok(!exercise.includes('CANARY'), 'the exercise tells of its hidden tests')
  const version = /[0-9a-f]{64}/.exec(exercise)?.[0] ?? 'f'.repeat(64)
  for (const by of [stranger, staff, admin, undefined]) {
    for (const path of [
      'tests',
      'tests/hidden/greet.test.ts',
      'bundle',
      'files',
      '..%2Fgreeting%2Ftests%2Fhidden%2Fgreet.test.ts',
      'submissions',
    ])
      await isNothing(by, 'GET', `/api/v1/exercises/greeting/${path}`)
    for (const path of [
      '/exercises/greeting/exercise.yaml',
      '/data/assay.sqlite',
      '/reference/..%2f..%2fexercises/greeting/exercise.yaml',
      '/reference/js/..%2f..%2f..%2fpackage.json',
      '/.git/config',
      '/tests/hidden/greet.test.ts',
    ])
      await isNothing(by, 'GET', path)
    // What is the workers' own.
    for (const [method, path, body] of [
      ['GET', '/internal/v1/exercises'],
      ['GET', `/internal/v1/bundles/${version}`],
      ['PUT', `/internal/v1/exercises/${version}/tests`, { tests: [] }],
      ['POST', `/internal/v1/gradings/grd_1/claim`, { workerId: 'mine' }],
      ['POST', `/internal/v1/gradings/grd_1/report`, { token: 1, report: {} }],
      ['POST', `/internal/v1/gradings/grd_1/events`, { token: 1, events: [] }],
      ['POST', `/internal/v1/workers/mine/heartbeat`, {}],
      ['GET', `//internal/v1/bundles/${version}`],
      ['GET', `/api/v1/..%2f..%2finternal/v1/bundles/${version}`],
    ] as [string, string, unknown][])
      await isNothing(by, method, path, body)
  }
  // Nor is the workers' secret a token of the API.
  const asWorker: Person = { owner: 'worker', group: 'worker', role: 'admin', token: platform.workerToken }
  await isNothing(asWorker, 'GET', `/api/v1/submissions/${id}`)
  assert.equal((await platform.request('GET', `/api/v1/submissions/${id}`, { as: staff })).status, 200)
  return `${tried} addresses of others' things, hidden tests and the workers' own: nothing there`
}

/** The answer without what differs by itself. */
function wordsOf({ status, text }: Answer, id: string): string {
  return `${status} ${text.replaceAll(id, 'ID').replace(/"requestId":"[^"]*"/, '')}`
}
