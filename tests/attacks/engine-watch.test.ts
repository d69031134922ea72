import Docker from 'dockerode'
import { buffer } from 'node:stream/consumers'
import { beforeAll, expect, test } from 'vitest'
import { openDockerSandbox } from '../../worker/sandbox/docker/docker-sandbox.ts'
import { ensureImages } from '../../worker/sandbox/docker/images.ts'
import type { Box } from '../../worker/sandbox/sandbox.ts'
import { listening, openProgram } from '../sandbox/open-program.ts'
import { watchEngine } from './engine-watch.ts'

/*
 * Nobody enters a box, copies into it or out of it: seen from the engine's side over a whole life of a box. And the watch can tell.
 */
beforeAll(() => ensureImages({ log: () => {}, only: ['node'] }))

const docker = new Docker()
const sandbox = openDockerSandbox()

async function watched(act: (box: Box) => Promise<unknown>): Promise<string[]> {
  await using watch = await watchEngine(docker)
  const running = await openProgram(sandbox, listening('socket.end()'))
  await act(running.box)
  await running.agent.stop()
  await running.startAgain()
  await running.box[Symbol.asyncDispose]()
  return await watch.meddling(new Set([running.box.id]))
}

test('a box’s life is plain', { timeout: 30_000 }, async () => {
  expect(await watched(box => buffer(box.open('main').end()))).toEqual([])
})

test.each<[string, (container: Docker.Container) => Promise<unknown>]>([
  ['exec_create', container => container.exec({ Cmd: ['true'] })],
  ['archive-path', async container => buffer(await container.getArchive({ path: '/etc/hostname' }))],
  ['export', async container => buffer(await container.export())],
  ['pause', container => container.pause().then(() => container.unpause())],
])('red: %s', { timeout: 30_000 }, async (action, meddle) => {
  expect(await watched(box => meddle(docker.getContainer(box.id)))).toContain(action)
})
