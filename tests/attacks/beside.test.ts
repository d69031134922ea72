import { once } from 'node:events'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { beforeAll, expect, test } from 'vitest'
import { readExercise } from '../../core/read-exercise.ts'
import type { FileMap } from '../../core/submission.ts'
import { gradeLocally } from '../../worker/grade-local.ts'
import { AgentClient } from '../../worker/pod/agent-client.ts'
import { openDockerSandbox } from '../../worker/sandbox/docker/docker-sandbox.ts'
import { ensureImages } from '../../worker/sandbox/docker/images.ts'
import { boxSpec } from '../sandbox/open-program.ts'
import { readAttacks, readBenign } from './attack.ts'

/*
 * The kernel counts some of its objects for each user, whichever box they are in (worker/sandbox/docker/box-users.ts). A box
 * has them all, and keeps them for as long as honest work is graded that needs the same ones.
 */
const sandbox = openDockerSandbox({})
const needing = ['file-watch', 'unix-sockets', 'cluster']

beforeAll(() => ensureImages({ log: () => {} }), 300_000)

test('who takes all kernel objects of its user takes none from others', { timeout: 300_000 }, async () => {
  const attack = (await readAttacks()).find(({ number }) => number === 57) as unknown as { files: FileMap }
  await using hoarder = await openHoarder(attack.files)
  expect(hoarder.printed()).toMatch(/inotify \d+[^]*passed \d+[^]*pipes \d+/)

  const exercise = await readExercise(join(import.meta.dirname, 'exercises/chore'))
  const honest = (await readBenign()).filter(({ name }) => needing.includes(name))
  const reports = await Promise.all(honest.map(({ files }) => gradeLocally({ sandbox, exercise, files, mode: 'run' })))
  expect(reports.map(({ outcome, output }) => [outcome, output?.all])).toEqual(needing.map(() => ['accepted', undefined]))
})

/** A box in which the attack is carried out by one request; ready once it has come to its fourth kind of object. */
async function openHoarder(files: FileMap): Promise<AsyncDisposable & { printed: () => string }> {
  const box = await sandbox.open(boxSpec(), AbortSignal.timeout(60_000))
  const heard = new PassThrough({ encoding: 'utf8' })
  box.onStream((_, stream) => stream.pipe(heard, { end: false }))
  const env = { PORT: '3000', PATH: '/usr/local/bin:/usr/bin:/bin' }
  const agent = new AgentClient(box, { command: ['node', 'server.js'], env, port: 3000, peers: [] })
  await agent.start(files)
  box.open('main').write('GET / HTTP/1.1\r\nhost: box\r\n\r\n')
  let text = ''
  while (!text.includes('mqueue')) text += ((await once(heard, 'data')) as [string])[0]
  return { printed: () => text, [Symbol.asyncDispose]: () => box[Symbol.asyncDispose]() }
}
