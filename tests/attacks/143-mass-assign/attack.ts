import assert from 'node:assert/strict'
import type { Platform } from '../platform.ts'

/** What a submission is kept with, graded with or answered with, as somebody would like it to be. */
const WISHES: Record<string, unknown> = {
  score: { earned: 100, possible: 100 },
  score_earned: 100,
  outcome: 'accepted',
  state: 'finished',
  id: 'sub_mine',
  owner: 'person-1',
  userId: 1,
  group: 'staff',
  group_name: 'staff',
  role: 'admin',
  actor: { role: 'admin' },
  version: 'f'.repeat(64),
  seed: 1,
  tests: [],
  limits: { total: '1h', memory: '64g' },
  image: 'node:latest',
  sandboxRuntime: 'runc',
  sandbox: 'runc',
  command: ['sh', '-c', 'id'],
  env: { NODE_OPTIONS: '--inspect' },
  services: { postgres: {} },
  maxWaiting: 1e9,
  createdAt: '2020-01-01T00:00:00.000Z',
  constructor: { prototype: { role: 'admin' } },
}

export default async function massAssign(platform: Platform): Promise<string> {
  const learner = await platform.person()
  const files = await platform.rightFiles('bookings')
  const honest = { exercise: 'bookings', files, mode: 'run' }
  const before = await platform.storeRows()
  const post = (payload: string) =>
    platform.request('POST', '/api/v1/submissions', { as: learner, payload, headers: { 'content-type': 'application/json' } })

  for (const [name, wish] of Object.entries(WISHES)) {
    const { status, text } = await post(JSON.stringify({ ...honest, [name]: wish }))
    assert.equal(status, 400, `"${name}" was answered with ${status}: ${text}`)
  }
  // By any of the ways that a parser could let a name through that a schema doesn't see.
  const whole = JSON.stringify(honest).slice(0, -1)
  const smuggled = [
    `${whole},"__proto__":{"role":"admin"}}`,
    `${whole},"__proto__":{"score":{"earned":100,"possible":100}}}`,
    `${whole},"\\u005f_proto__":{"role":"admin"}}`,
    `{"runtime":["sql"],${whole.slice(1)}}`,
    `{"runtime":{"toString":"sql"},${whole.slice(1)}}`,
    `{"runtime":"root",${whole.slice(1)}}`,
    `[${whole}}]`,
    `{"submission":${whole}}}`,
  ]
  for (const payload of smuggled) {
    const { status, text } = await post(payload)
    assert.ok(status === 400 || status === 422, `${payload.slice(-60)} was answered with ${status}: ${text}`)
  }
  assert.deepEqual(await platform.storeRows(), before, 'something of a refused request was kept')

  // Nor by the address or the headers; and what is taken in is the learner's own.
  const headers = { 'x-owner': 'person-1', 'x-role': 'admin', 'x-http-method-override': 'PUT', 'x-forwarded-user': 'person-1' }
  const taken = await platform.request('POST', '/api/v1/submissions?role=admin&owner=person-1', { as: learner, body: honest, headers })
  assert.equal(taken.status, 202, taken.text)
  const { submission } = await platform.end(learner, String(taken.json['id']))
  assert.equal(submission['owner'], learner.owner)
  assert.equal(submission['group'], learner.group)
  const change = await platform.request('PUT', `/api/v1/submissions/${String(taken.json['id'])}`, {
    as: learner,
    body: { score: { earned: 100, possible: 100 } },
  })
  assert.equal(change.status, 404)
  return `${Object.keys(WISHES).length + smuggled.length} wishes refused, nothing kept; an honest one kept as its owner's`
}
