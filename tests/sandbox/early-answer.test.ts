import { beforeAll, describe, expect, test } from 'vitest'
import { join } from '../../core/join.ts'
import { openDockerSandbox } from '../../worker/sandbox/docker/docker-sandbox.ts'
import { ensureImages } from '../../worker/sandbox/docker/images.ts'
import { bundleOf, grade, hiddenFile } from '../support/examiner-harness.ts'
import { boxSpec, openProgram } from './open-program.ts'

/*
 * A program may answer before it has read the request, and close: what it said has to get through the box agent, the worker's
 * join and the examiner's line, though the connection breaks right behind it.
 */
beforeAll(() => ensureImages({ log: () => {}, only: ['node'] }))

const sandbox = openDockerSandbox()
const { runtimes } = await sandbox.facts()

const MiB = 1024 * 1024
/** An answer of two parts, which come as two chunks. */
const answering = (close: string) => `
  require('http').createServer((request, response) => {
    response.writeHead(413, { 'content-type': 'application/json', connection: 'close' })
    response.write('{"error":')
    response.end('"too_large"}', ${close})
  }).listen(process.env.PORT)`
const PROGRAMS = {
  'a plain server that reads nothing': answering('() => {}'),
  'a plain server that breaks the connection behind its answer': answering('() => request.socket.destroy()'),
  'a server whose answer ends with the connection': `
    require('net').createServer(socket => {
      socket.on('error', () => {})
      socket.once('data', () => socket.end('HTTP/1.1 413 Too Large\\r\\ncontent-type: application/json\\r\\n\\r\\n{"error":"too_large"}', () => socket.destroy()))
    }).listen(process.env.PORT)`,
  'Fastify with a bodyLimit': `
    const app = require('fastify')({ bodyLimit: 65536 })
    app.setErrorHandler((error, request, reply) => reply.code(error.statusCode).send({ error: 'too_large' }))
    app.post('/', async () => ({}))
    app.listen({ port: Number(process.env.PORT) })`,
}

describe.each(['runc', 'runsc'] as const)('on %s', runtime => {
  describe.skipIf(!runtimes.includes(runtime))('', () => {
    test.each(Object.entries(PROGRAMS))('the early answer of %s is its answer', async (_, program) => {
      await using running = await openProgram(sandbox, program, { spec: boxSpec({ runtime }) })
      expect(running.started).toMatchObject({ listening: true })
      const asked = `test('one', { id: 'one', task: 'one', timeLimitMs: 20000 }, async ({ http }) => {
        const answers: string[] = []
        const headers = { 'content-type': 'application/json' }
        for (let i = 0; i < 20; i++) {
          const body = ' '.repeat(i % 2 ? 200_000 : ${3 * MiB})
          answers.push(await http.post('/', { body, headers }).then(({ status, text }) => status + text, error => error.message))
        }
        expect([...new Set(answers)]).toEqual(['413{"error":"too_large"}'])
      })`
      const { results } = await grade(bundleOf(hiddenFile(asked)), { subject: stream => join(stream, running.box.open('main')) })
      expect(results['one']).toEqual({ id: 'one', status: 'passed', durationMs: expect.any(Number) })
    })
  })
})
