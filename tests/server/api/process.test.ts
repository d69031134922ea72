import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ensureFirstTokens } from '../../../server/first-tokens.ts'
import { ENDPOINT, layExercise } from '../../core/sample-exercise.ts'
import { TestProcess } from '../../support/process.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const MAIN = join(import.meta.dirname, '../../../server/main.ts')

async function settings(folder: string) {
  await layExercise('hello', ENDPOINT, join(folder, 'exercises'))
  return {
    PORT: '0',
    ASSAY_DATA: join(folder, 'data'),
    ASSAY_EXERCISES: join(folder, 'exercises'),
    // Nobody listens there.
    REDIS_URL: 'redis://127.0.0.1:1',
    ASSAY_WORKER_TOKEN: 'a-worker-token-of-this-test',
  }
}

async function addressOf(server: TestProcess): Promise<string> {
  return /http:\/\/[^"\s]+/.exec(await server.printed(/listening at http/i))![0]
}

test('without Redis it takes submissions, keeps them over a kill, and ends with 0 when asked', async () => {
  using folder = tempFolder()
  const environment = await settings(folder.path)
  const tokens = Object.fromEntries(
    (await ensureFirstTokens(`sqlite:${environment.ASSAY_DATA}/assay.sqlite`)).map(({ role, token }) => [role, token]),
  )
  const headers = { authorization: `Bearer ${tokens['learner']}`, 'content-type': 'application/json' }

  let id: string
  {
    await using server = new TestProcess(MAIN, environment)
    const response = await fetch(`${await addressOf(server)}/api/v1/submissions`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ exercise: 'hello', files: { 'server.js': '// mine' } }),
    })
    expect(response.status).toBe(202)
    id = ((await response.json()) as { id: string }).id
    await server.kill('SIGKILL')
  }

  await using server = new TestProcess(MAIN, environment)
  const address = await addressOf(server)
  const kept = await fetch(`${address}/api/v1/submissions/${id}`, { headers })
  expect(await kept.json()).toMatchObject({ id, state: 'queued', queuePosition: 1 })
  const ready = await fetch(`${address}/readyz`)
  expect(ready.status).toBe(503)
  expect(await ready.json()).toMatchObject({ parts: { store: { state: 'up' }, queue: { state: 'down' }, engine: { state: 'down' } } })

  const following = await fetch(`${address}/api/v1/submissions/${id}/events`, { headers })
  expect(await server.kill('SIGTERM')).toBe(0)
  expect(await following.text()).toContain('event: queued')
})

test('a setting that is wrong is named in words, and nothing is made', async () => {
  using folder = tempFolder()
  const server = new TestProcess(MAIN, { ...(await settings(folder.path)), PORT: 'http' })
  expect(await server.ended).toBe(1)
  expect(server.lines.join('\n')).toContain('"PORT" in environment')
  expect(server.lines.join('\n')).not.toContain('    at ')
})

test('a port that is taken ends it with 1', async () => {
  using folder = tempFolder()
  const taken = createServer().listen(0, '127.0.0.1')
  await new Promise(resolve => taken.once('listening', resolve))
  const { port } = taken.address() as { port: number }
  const server = new TestProcess(MAIN, { ...(await settings(folder.path)), PORT: String(port) })
  expect(await server.ended).toBe(1)
  expect(server.lines.join('\n')).toContain('EADDRINUSE')
  taken.close()
})

test('a new store gets one token of each role, once', async () => {
  using folder = tempFolder()
  const url = `sqlite:${folder.path}/assay.sqlite`
  expect((await ensureFirstTokens(url)).map(({ role }) => role)).toEqual(['learner', 'staff', 'admin'])
  expect(await ensureFirstTokens(url)).toEqual([])
})
