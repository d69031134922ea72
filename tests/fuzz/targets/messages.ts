import { Readable } from 'node:stream'
import * as fc from 'fast-check'
import { ZodError } from 'zod'
import { EXAMINER_LINES } from '../../../core/examiner-lines.ts'
import { fromAgentSchema, type FromAgent } from '../../../core/agent-protocol.ts'
import { fromExaminerSchema, type FromExaminer } from '../../../core/examiner-protocol.ts'
import { jsonLines } from '../../../core/lines.ts'
import { mutated } from '../mutate.ts'
import { target } from '../target.ts'

const examiner: FromExaminer[] = [
  { type: 'ready', timings: { load: 12.5 } },
  { type: 'test-start', id: 'greets' },
  { type: 'test-end', result: { id: 'greets', status: 'failed', durationMs: 3, message: 'expected 200, got 500' } },
  { type: 'control', request: 1, action: 'subject.restart' },
  { type: 'broken', file: 'tests/visible/a.test.ts', message: 'it throws' },
  { type: 'end', nonce: 'a'.repeat(32), results: [{ id: 'greets', status: 'passed', durationMs: 1 }], timings: {} },
]
const agent: FromAgent[] = [
  { type: 'listening', afterMs: 20 },
  { type: 'exited', code: 1, signal: null, oomKills: 0 },
  { type: 'failed', message: 'no such file' },
]
const lines = (messages: readonly unknown[]) => Buffer.from(`${messages.map(message => JSON.stringify(message)).join('\n')}\n`)
const odd = lines([
  { type: 'end', __proto__: { passed: true } },
  [],
  null,

  { type: ['end'] },
  { type: 'test-end', result: { id: { toString: 1 } } },
])

/** What an examiner and an agent say to the worker: lines of JSON, held to their schemas. */
export const messages = target({
  name: 'messages of examiner and agent',
  cases: fc.tuple(mutated([lines(examiner), lines(agent), odd]), fc.integer({ min: 1, max: 200 })),
  async read([bytes, size]) {
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size))
    try {
      for await (const line of jsonLines(Readable.from(chunks), EXAMINER_LINES)) {
        for (const schema of [fromExaminerSchema, fromAgentSchema]) {
          const read = schema.safeParse(line)
          if (read.success && JSON.stringify(read.data).length > 2 * bytes.length + 1000)
            throw new TypeError('a message grew while it was read')
        }
      }
    } catch (error) {
      // Not JSON, or too long: a fault that the reader of the line names as such.
      if (!(error instanceof SyntaxError) && !(error instanceof ZodError) && !/bytes/.test((error as Error).message)) throw error
    }
    if (Object.hasOwn(Object.prototype, 'passed')) throw new Error('the prototype of all objects was written to')
  },
})
