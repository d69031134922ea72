import { beforeAll, expect, test } from 'vitest'
import { openDockerSandbox } from '../../worker/sandbox/docker/docker-sandbox.ts'
import { ensureImages } from '../../worker/sandbox/docker/images.ts'
import { listening, openProgram } from './open-program.ts'
import { WatchedEngine } from './watched-engine.ts'

/*
 * Dozens of boxes may stand ready and idle. Nothing is asked of the engine for each of them, and nothing that becomes of one
 * is missed all the same.
 */
beforeAll(() => ensureImages({ log: () => {}, only: ['node'] }))

const LOOK = 'GET /containers/json'
/** A child that the kernel kills for memory, while the program lives on and says so. */
const loseChild = `
  const { status, signal } = require('node:child_process').spawnSync(process.execPath, ['-e', 'const all = []; for (;;) all.push(Buffer.alloc(8 << 20, 1))'])
  socket.end(signal)`

async function childIsLost({ box }: Awaited<ReturnType<typeof openProgram>>): Promise<void> {
  const stream = box.open('main')
  let said = ''
  for await (const chunk of stream as AsyncIterable<Buffer>) said += chunk.toString()
  expect(said).toBe('SIGKILL')
}

test('boxes that run well cost one question together, not one each', async () => {
  await using engine = await WatchedEngine.open()
  const sandbox = openDockerSandbox({ dockerHost: engine.dockerHost })
  await using _one = await openProgram(sandbox, listening(''))
  await using _two = await openProgram(sandbox, listening(''))
  engine.asked.length = 0
  await expect.poll(() => engine.asked.filter(call => call === LOOK), { timeout: 20_000 }).toHaveLength(2)
  expect(new Set(engine.asked)).toEqual(new Set([LOOK]))
})

test('a sandbox without boxes asks for nothing and hears nothing', async () => {
  await using engine = await WatchedEngine.open()
  const sandbox = openDockerSandbox({ dockerHost: engine.dockerHost })
  const running = await openProgram(sandbox, listening(''))
  expect(engine.subscribed).toBe(1)
  await running.box[Symbol.asyncDispose]()
  await expect.poll(() => engine.subscribed).toBe(0)
})

test('a process that the kernel kills for memory is told of, though the program lives on', async () => {
  await using engine = await WatchedEngine.open()
  await using running = await openProgram(openDockerSandbox({ dockerHost: engine.dockerHost }), listening(loseChild))
  expect(await running.box.outOfMemory()).toBe(false)
  await childIsLost(running)
  await expect.poll(() => running.box.outOfMemory()).toBe(true)
})

test('what happens while the news are broken off is told after', async () => {
  await using engine = await WatchedEngine.open()
  await using running = await openProgram(openDockerSandbox({ dockerHost: engine.dockerHost }), listening(loseChild))
  engine.loseNews()
  await childIsLost(running)
  expect(await running.box.outOfMemory()).toBe(false)
  engine.bringNews()
  await expect.poll(() => running.box.outOfMemory(), { timeout: 10_000 }).toBe(true)
})

test('a box that ends while no news come is seen to have ended, and how', async () => {
  await using engine = await WatchedEngine.open()
  await using running = await openProgram(openDockerSandbox({ dockerHost: engine.dockerHost }), listening('process.kill(-1, "SIGKILL")'))
  engine.loseNews()
  running.box.open('main').end()
  expect(await running.box.ended).toEqual({ exitCode: 137, outOfMemory: false, engineAway: false })
})
