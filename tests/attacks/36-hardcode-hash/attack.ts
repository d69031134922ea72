import assert from 'node:assert/strict'
import type { Platform } from '../platform.ts'

const EARLIER = 3

/** Prints each request's hash with the right answer to it. */
const recorder = `
  import { createHash } from 'node:crypto'
  import { createServer } from 'node:http'
  createServer((request, response) => {
    const name = new URL(request.url, 'http://localhost').searchParams.get('name')
    const [status, text] = name ? [200, 'Hello, ' + name + '!'] : [422, 'a name is missing']
    const hash = createHash('sha256').update(request.method + ' ' + request.url).digest('hex')
    console.log('record ' + JSON.stringify([hash, status, text]))
    response.writeHead(status).end(text)
  }).listen(process.env.PORT)`

/** Answers what is in the table, and says so. */
const replayer = (records: readonly string[]) => `
  import { createHash } from 'node:crypto'
  import { createServer } from 'node:http'
  const table = new Map([${records.join(',')}].map(([hash, status, text]) => [hash, [status, text]]))
  createServer((request, response) => {
    const hash = createHash('sha256').update(request.method + ' ' + request.url).digest('hex')
    console.log(table.has(hash) ? 'known' : 'unknown')
    const [status, text] = table.get(hash) ?? [404, 'never asked before']
    response.writeHead(status).end(text)
  }).listen(process.env.PORT)`

const files = (server: string) => ({ 'server.js': server, 'package.json': '{ "type": "module" }' })

export default async function hardcodeHash(platform: Platform): Promise<string> {
  const learner = await platform.person()
  const staff = await platform.person({ role: 'staff' })
  const output = async (id: string) => {
    const { json } = await platform.request('GET', `/api/v1/submissions/${id}/report`, { as: staff })
    return (json['output'] as { all: string }).all
  }
  const recorded: string[] = []
  for (let count = 0; count < EARLIER; count++) {
    const { id } = await platform.gradeToEnd(learner, { exercise: 'greeting', files: files(recorder) })
    recorded.push(...[...(await output(id)).matchAll(/^record (\[.*\])$/gm)].map(([, record]) => record!))
  }
  const records = new Set(recorded)
  // Ada comes each time; of the hidden requests none does.
  assert.ok(records.size > EARLIER * 2, `hardly a hidden request was recorded: ${recorded.length}`)
  assert.equal(records.size, recorded.length - EARLIER + 1, 'a hidden request came twice')

  const { id, outcome, report } = await platform.gradeToEnd(learner, { exercise: 'greeting', files: files(replayer([...records])) })
  const words = (await output(id)).trim().split('\n')
  assert.deepEqual([words[0], new Set(words.slice(1))], ['known', new Set(['unknown'])], 'it knew a hidden request')
  assert.notEqual(outcome, 'accepted')
  assert.deepEqual(report['score'], { earned: 0, possible: 10 })
  return `${records.size} requests of ${EARLIER} gradings by heart, of the next one's hidden ${words.length - 1} none was among them: 0 points`
}
