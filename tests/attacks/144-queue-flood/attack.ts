import assert from 'node:assert/strict'
import type { Platform } from '../platform.ts'

const FLOOD = 1_000
const AT_A_TIME = 50
/** What the worker has places for, twice: so many may be before a newcomer however fair the line is; and some may end meanwhile. */
const IN_FLIGHT = 4

export default async function queueFlood(platform: Platform): Promise<string> {
  const flooder = await platform.person({ group: 'flood' })
  const honest = await platform.person({ group: 'honest' })
  const submission = { exercise: 'bookings', files: await platform.rightFiles('bookings') }
  const taken: string[] = []
  const refused: number[] = []
  for (let sent = 0; sent < FLOOD; sent += AT_A_TIME) {
    const answers = await Promise.all(
      Array.from({ length: AT_A_TIME }, () => platform.request('POST', '/api/v1/submissions', { as: flooder, body: submission })),
    )
    for (const { status, headers, json, text } of answers) {
      if (status === 202) taken.push(String(json['id']))
      else {
        assert.equal(status, 429, `a flood was answered with ${status} ${text}`)
        assert.equal(json['type'], 'too-many-requests')
        assert.ok(Number(headers.get('retry-after')) > 0, '429 without Retry-After')
        refused.push(status)
      }
    }
  }
  assert.ok(taken.length <= 120, `${taken.length} of ${FLOOD} were taken of one token`)

  // Others don't feel it: neither the limit nor the line.
  const over = async () => (await states(platform, flooder.owner)).filter(state => state === 'finished').length
  const before = await over()
  const graded = await platform.gradeToEnd(honest, submission)
  const after = await over()
  assert.equal(graded.outcome, 'accepted')
  const overtook = after - before
  const waiting = taken.length - after
  assert.ok(waiting > 0, 'the flood was over before the honest submission came: nothing was tried')
  assert.ok(overtook <= 2 * IN_FLIGHT, `${overtook} of the flood were graded before an honest submission that came after them`)

  // One key, however often, is one submission.
  const keyed = await Promise.all(
    Array.from({ length: 40 }, () =>
      platform.request('POST', '/api/v1/submissions', { as: honest, body: submission, headers: { 'idempotency-key': 'one-of-forty' } }),
    ),
  )
  const made = new Set(keyed.map(({ json }) => json['id']))
  assert.equal(made.size, 1, `one key made ${made.size} submissions`)
  await platform.end(honest, String([...made][0]))

  const staff = await platform.person({ role: 'staff' })
  for (const id of taken) {
    const { status } = await platform.request('POST', `/api/v1/submissions/${id}/cancel`, { as: staff })
    assert.ok(status === 200 || status === 409, `a flooding submission could not be cancelled: ${status}`)
  }
  return `${taken.length} of ${FLOOD} taken, ${refused.length} answered 429; an honest one behind them was graded after ${overtook} of ${taken.length}, ${waiting} still waiting`
}

async function states(platform: Platform, owner: string): Promise<string[]> {
  const staff = await platform.person({ role: 'staff' })
  const found: string[] = []
  let cursor = ''
  do {
    const { json } = await platform.request('GET', `/api/v1/submissions?owner=${owner}&limit=100${cursor && `&cursor=${cursor}`}`, {
      as: staff,
    })
    found.push(...(json['items'] as { state: string }[]).map(({ state }) => state))
    cursor = (json['nextCursor'] as string | null) ?? ''
  } while (cursor !== '')
  return found
}
