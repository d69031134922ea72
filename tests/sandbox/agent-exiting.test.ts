import { once } from 'node:events'
import { beforeAll, describe, expect, test } from 'vitest'
import { openDockerSandbox } from '../../worker/sandbox/docker/docker-sandbox.ts'
import { ensureImages } from '../../worker/sandbox/docker/images.ts'
import { boxSpec, listening, openProgram } from './open-program.ts'

/*
 * Whoever is connected to a program knows of its end before the kernel tells the box agent: asked in between, the agent knows, too.
 */
beforeAll(() => ensureImages({ log: () => {}, only: ['node'] }))

const sandbox = openDockerSandbox()
const { runtimes } = await sandbox.facts()

describe.each(['runc', 'runsc'] as const)('on %s', runtime => {
  describe.skipIf(!runtimes.includes(runtime))('', () => {
    test('a program that runs is not on its way out, whatever it calls itself', async () => {
      await using running = await openProgram(sandbox, `process.title = 'a) Z 1 '; ${listening('')}`, { spec: boxSpec({ runtime }) })
      expect(running.started).toMatchObject({ listening: true })
      expect(await running.agent.check()).toMatchObject({ running: true })
    })

    test('one that has broken its connections is', async () => {
      // A large memory takes a while to give back, after the files are closed.
      const ending = `socket.on('data', () => process.kill(process.pid, 'SIGKILL')); socket.write('hello')`
      const program = `globalThis.kept = Buffer.alloc(64 * 1024 * 1024, 1); ${listening(ending)}`
      await using running = await openProgram(sandbox, program, { spec: boxSpec({ runtime }) })
      for (let round = 0; round < 5; round++) {
        const stream = running.box.open('main')
        const closed = new Promise(resolve => stream.once('close', resolve))
        await once(stream, 'data')
        stream.write('end')
        stream.resume()
        stream.once('end', () => stream.end())
        await closed
        expect(await running.agent.check()).toMatchObject({ running: false, signal: 'SIGKILL' })
        await running.agent.stop()
        expect(await running.startAgain()).toMatchObject({ listening: true })
      }
    })
  })
})
