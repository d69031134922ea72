import { rateLimits } from '../../../server/rate-limit.ts'
import { TestApi } from '../../server/api/api.ts'
import { mutated } from '../mutate.ts'
import { target } from '../target.ts'

const bodies = [
  { exercise: 'late-orders', files: { 'query.sql': 'SELECT 1' }, mode: 'submit' },
  { exercise: 'hello', files: { 'server.js': 'é\u{1F600}', 'lib/a.js': '"\\u0000"' }, runtime: 'node' },
  { exercise: 'hello', files: { __proto__: null, constructor: { prototype: {} } }, score: 5, owner: 'else' },
].map(body => Buffer.from(JSON.stringify(body)))

let opened: Promise<TestApi> | undefined
const unlimited = { nobody: 1e9, learner: 1e9, staff: 1e9, admin: 1e9 }

/** Bodies of requests: each is taken in, or refused with a problem document; the service says nothing of itself. */
export const requestBodies = target({
  name: 'bodies of requests',
  cases: mutated(bodies),
  // The whole API runs in the process, with its store and its documents.
  mayPeak: 900,
  async read(payload) {
    opened ??= TestApi.open({ rateLimits: rateLimits(unlimited, unlimited), config: { maxWaiting: 1e9 } })
    const { status, text, json } = await (await opened).call('POST', '/api/v1/submissions', { payload })
    if (status !== 202 && (status < 400 || status >= 500)) throw new Error(`${status} ${text}`)
    if (status !== 202 && typeof json['title'] !== 'string') throw new Error(`no problem document: ${text}`)
    if (/node_modules|\.ts:\d+/.test(text)) throw new Error(`the answer tells of our code: ${text}`)
  },
  async close() {
    await (await opened)?.[Symbol.asyncDispose]()
    opened = undefined
  },
})
