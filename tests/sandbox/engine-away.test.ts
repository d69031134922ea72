import Docker from 'dockerode'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDockerSandbox } from '../../worker/sandbox/docker/docker-sandbox.ts'
import { connectEngine, engineFacts } from '../../worker/sandbox/docker/engine.ts'
import { ensureImages, imageRefs } from '../../worker/sandbox/docker/images.ts'
import type { Sandbox } from '../../worker/sandbox/sandbox.ts'
import { TestEngine } from '../support/engine.ts'
import { boxSpec, listening, openProgram } from './open-program.ts'

/*
 * What is the engine's fault must never read as the learner's. These tests stop an engine of their own.
 */
describe('an engine that goes away', () => {
  let engine: TestEngine
  let sandbox: Sandbox
  beforeAll(async () => {
    await ensureImages({ log: () => {}, only: ['node'] })
    const { architecture } = await engineFacts(connectEngine())
    engine = await TestEngine.open([(await imageRefs(architecture)).node])
    sandbox = openDockerSandbox({ dockerHost: engine.dockerHost })
  })
  afterAll(() => engine[Symbol.asyncDispose]())

  test('ends its boxes as its own doing, disposes them in peace, and opens no more until it is back', async () => {
    const running = await openProgram(sandbox, listening('socket.write("hello")'))
    expect(running.started).toMatchObject({ listening: true })
    await engine.stop()
    expect(await running.box.ended).toMatchObject({ engineAway: true, outOfMemory: false, exitCode: null })
    await running.box[Symbol.asyncDispose]()
    await expect(sandbox.open(boxSpec(), AbortSignal.timeout(60_000))).rejects.toMatchObject({ code: 'ENGINE_AWAY' })
    await expect(sandbox.facts()).rejects.toMatchObject({ code: 'ENGINE_AWAY' })

    await engine.start()
    await using again = await openProgram(sandbox, listening(''))
    expect(again.started).toMatchObject({ listening: true })
    // The box that could not be removed while the engine was away.
    expect(await sandbox.reap()).toBe(1)
  })

  test('an image that is not there is named, with what to do', async () => {
    await expect(sandbox.open(boxSpec({ image: 'postgres' }), AbortSignal.timeout(60_000))).rejects.toMatchObject({
      code: 'IMAGE_MISSING',
      message: expect.stringMatching(/assay-postgres:[0-9a-f]{16} is not built; run/),
    })
  })

  test('until it is there the engine is as good as away', async () => {
    const open = () => sandbox.open(boxSpec({ image: 'postgres' }), AbortSignal.timeout(60_000))
    await expect(open()).rejects.toMatchObject({ code: 'IMAGE_MISSING' })
    await expect(sandbox.facts()).rejects.toMatchObject({ code: 'IMAGE_MISSING' })
    const { architecture } = await engineFacts(connectEngine())
    const { node, postgres } = await imageRefs(architecture)
    const [repo, tag] = postgres.split(':') as [string, string]
    // What is in it doesn't matter to who asks whether it is there.
    await new Docker({ socketPath: engine.dockerHost.slice('unix://'.length) }).getImage(node).tag({ repo, tag })
    expect(await sandbox.facts()).toMatchObject({ architecture })
  })
})

test.each([
  ['a socket that is not there', 'unix:///nowhere/docker.sock', 'ENGINE_AWAY', /nowhere.*ENOENT.*engine start/],
  ['a port where nobody listens', 'tcp://127.0.0.1:1', 'ENGINE_AWAY', /127\.0\.0\.1:1.*ECONNREFUSED/],
])('%s: %s', async (_, dockerHost, code, message) => {
  await expect(openDockerSandbox({ dockerHost }).facts()).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
})

test('an address that is none is refused with the form it should have', () => {
  expect(() => connectEngine({ dockerHost: 'docker' })).toThrow(/expected an address such as "unix:.*got "docker"/)
})
