import assert from 'node:assert/strict'
import type { Person, Platform } from '../platform.ts'

const TRIES = 4
const TICK_MS = 5_000
const STEPS_MS = [1, 2, 5, 10, 20, 30, 60].map(seconds => seconds * 1000)

/** Answers rightly, but each file's first hidden request only after a time that stands for a letter of it. */
const sleeper = `
  import { createServer } from 'node:http'
  let slept = false
  createServer(async (request, response) => {
    const name = new URL(request.url, 'http://localhost').searchParams.get('name')
    if (name !== 'Ada' && !slept) {
      slept = true
      const letter = request.url.slice(-1).charCodeAt(0) - 97
      console.log('slept ' + letter * 60)
      await new Promise(resolve => setTimeout(resolve, letter * 60))
    }
    response.writeHead(name ? 200 : 422).end(name ? 'Hello, ' + name + '!' : 'a name is missing')
  }).listen(process.env.PORT)`

type Came = { atMs: number; data: Record<string, unknown> }
type Report = { timings: Record<string, number>; tests: Record<string, unknown>[] }

export default async function timingOracle(platform: Platform): Promise<string> {
  const learner = await platform.person()
  const staff = await platform.person({ role: 'staff' })
  const told = new Set<number>()
  const secrets: number[] = []
  const clocks: number[] = []
  let longest = 0
  for (let count = 0; count < TRIES; count++) {
    const began = Date.now()
    const files = { 'server.js': sleeper, 'package.json': '{ "type": "module" }' }
    const id = await platform.submit(learner, { exercise: 'greeting', files })
    const events = await follow(platform, learner, id)
    clocks.push(Date.now() - began)
    const { report } = await platform.end(learner, id)
    const { json } = await platform.request('GET', `/api/v1/submissions/${id}/report`, { as: staff })
    const whole = json as unknown as Report
    secrets.push(...[...JSON.stringify(whole).matchAll(/slept (\d+)/g)].map(([, ms]) => Number(ms)))
    assertHeld(report as unknown as Report, events, await follow(platform, staff, id))
    told.add((report as unknown as Report).timings['total']!)
    for (const { durationMs, visibility } of whole.tests) if (visibility === 'hidden') longest = Math.max(longest, Number(durationMs))
  }
  assert.ok(longest > 100 && longest >= Math.max(...secrets), `no hidden test took longer for the sleeping: ${longest} ms`)
  // Few letters end a drawn word; that all of them are one is out of the question.
  assert.ok(new Set(secrets).size > 1, `it never slept differently: ${secrets.join(' ')}`)
  return `slept ${new Set(secrets).size} different times, and was told ${[...told].join(' or ')} ms; its own clock over all of it said ${Math.min(...clocks)} to ${Math.max(...clocks)} ms`
}

/** Nothing that this learner got is a time of hidden tests, finer than in steps or ticks. */
function assertHeld({ timings, tests }: Report, events: readonly Came[], truth: readonly Came[]): void {
  assert.deepEqual(Object.keys(timings), ['total'], 'times of phases are told')
  assert.ok(STEPS_MS.includes(timings['total']!), `a time is told to the millisecond: ${timings['total']}`)
  for (const test of tests.filter(({ visibility }) => visibility === 'hidden'))
    for (const field of ['durationMs', 'log', 'timeLimitMs', 'file', 'id', 'name', 'message'])
      assert.ok(!(field in test), `of a hidden test its ${field} is told: ${JSON.stringify(test)}`)

  const counts = events.filter(({ data }) => data['type'] === 'test' && data['id'] === undefined)
  assert.ok(counts.length > 0, 'no hidden test was counted at all')
  for (const { data } of counts) assert.deepEqual(Object.keys(data).toSorted(), ['done', 'total', 'type'], 'a count says more')
  const happened = (found: Came | undefined) => Date.parse(String(found?.data['at']))
  const finished = happened(truth.find(({ data }) => data['type'] === 'finished'))
  for (const { atMs, data } of counts) {
    const ended = happened(truth.find(each => each.data['done'] === data['done']))
    const earliest = Math.min(finished, Math.ceil(ended / TICK_MS) * TICK_MS)
    assert.ok(
      atMs >= earliest,
      `count ${String(data['done'])} came ${earliest - atMs} ms before the tick behind its test, ${atMs - ended} ms after it`,
    )
  }
}

/** The events of a submission, with when they came. */
async function follow(platform: Platform, by: Person, id: string): Promise<Came[]> {
  const response = await fetch(`${platform.url}/api/v1/submissions/${id}/events`, {
    headers: { authorization: `Bearer ${by.token}`, accept: 'text/event-stream' },
  })
  const events: Came[] = []
  let rest = ''
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split('\n\n')
    rest = blocks.pop()!
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1]
      if (data) events.push({ atMs: Date.now(), data: JSON.parse(data) as Record<string, unknown> })
    }
  }
  return events
}
