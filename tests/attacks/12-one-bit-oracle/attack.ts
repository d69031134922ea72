import assert from 'node:assert/strict'
import type { Person, Platform } from '../platform.ts'

const TRIES = 6

/** Right on the hidden greetings when one bit of the first one's name's hash is 1, else wrong; staff can read the names in its log. */
const probe = (bit: number) => `
  import { createHash } from 'node:crypto'
  import { createServer } from 'node:http'
  let first
  createServer((request, response) => {
    const name = new URL(request.url, 'http://localhost').searchParams.get('name')
    if (name !== 'Ada') first ??= name
    const digest = createHash('sha256').update(first ?? '').digest()
    const isOne = (digest[${bit} >> 3] >> (${bit} & 7)) & 1
    if (name !== 'Ada' && name) console.log('asked for ' + name)
    response.writeHead(name ? 200 : 422).end(name === 'Ada' || isOne ? 'Hello, ' + name + '!' : 'no')
  }).listen(process.env.PORT)`

/** Knows every name that any earlier grading asked for, and no other. */
const table = (names: readonly string[]) => `
  import { createServer } from 'node:http'
  const names = new Set(${JSON.stringify(['Ada', ...names])})
  createServer((request, response) => {
    const name = new URL(request.url, 'http://localhost').searchParams.get('name')
    response.writeHead(200).end(names.has(name) ? 'Hello, ' + name + '!' : 'no')
  }).listen(process.env.PORT)`

const files = (server: string) => ({ 'server.js': server, 'package.json': '{ "type": "module" }' })

type Test = { task: string; visibility: string; status: string; log?: string }

export default async function oneBitOracle(platform: Platform): Promise<string> {
  const learner = await platform.person()
  const staff = await platform.person({ role: 'staff' })
  const tries = await Promise.all(
    Array.from({ length: TRIES }, async (_, bit) => {
      const { id, report } = await platform.gradeToEnd(learner, { exercise: 'greeting', files: files(probe(bit)) })
      return { told: hiddenGreeting(report)?.status, names: await namesAskedFor(platform, staff, id) }
    }),
  )
  const bits = tries.map(({ told }) => told)
  const drawn = tries.map(({ names }) => names)
  // It was carried out: each try told something, and the programs saw names.
  assert.ok(bits.filter(bit => bit === 'passed' || bit === 'failed').length > TRIES / 2, `most tries told nothing: ${bits.join(' ')}`)
  const first = drawn.flatMap(names => names.slice(0, 1))
  assert.ok(first.length > TRIES / 2, 'most programs were asked for no name')
  assert.equal(new Set(first).size, first.length, `two gradings sent the same name: ${first.join(' ')}`)

  // More than any number of bits could give: every name of every try, whole. It is worth nothing.
  const { outcome, report } = await platform.gradeToEnd(learner, { exercise: 'greeting', files: files(table(drawn.flat())) })
  assert.notEqual(outcome, 'accepted')
  assert.deepEqual(report['score'], { earned: 0, possible: 10 })
  return `${TRIES} gradings told ${bits.map(bit => (bit === 'passed' ? 1 : 0)).join('')}, a bit each of ${first.length} different names; all ${drawn.flat().length} names known, it earned 0`
}

function hiddenGreeting(report: Record<string, unknown>): Test | undefined {
  return (report['tests'] as Test[]).find(({ task, visibility }) => task === 'greet' && visibility === 'hidden')
}

async function namesAskedFor(platform: Platform, staff: Person, id: string): Promise<string[]> {
  const { json } = await platform.request('GET', `/api/v1/submissions/${id}/report`, { as: staff })
  const log = hiddenGreeting(json)?.log ?? ''
  return [...log.matchAll(/asked for (\S+)/g)].map(([, name]) => name!)
}
