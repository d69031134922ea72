import { randomBytes } from 'node:crypto'
import type Docker from 'dockerode'
import { text } from 'node:stream/consumers'
import { GraderError } from '../../../core/errors.ts'
import type { BoxSpec } from '../sandbox.ts'
import { boxProfile } from './apparmor.ts'
import { attach, createContainer, removeContainer, sawOutOfMemory, startContainer, stateOf, waitForEnd } from './box-container.ts'
import { takeApart } from './box-line.ts'
import { takeBoxUser } from './box-users.ts'
import { engineFacts, type Engine } from './engine.ts'
import { hostConfig } from './host-config.ts'
import { imageRefs } from './images.ts'
import { labelsOf } from './owner.ts'

export type Ran = { exitCode: number; stdout: string; stderr: string; outOfMemory: boolean }

const TAKES_AT_MOST = 30_000

/**
 * Runs one command of our own in a box of the real profile, with nothing on its stdin, and returns what it said.
 * `look`: called while it runs; the box is ended afterwards.
 */
export async function runInBox(
  engine: Engine,
  spec: BoxSpec,
  command: string[],
  look?: (container: Docker.Container) => Promise<void>,
): Promise<Ran> {
  const { architecture } = await engineFacts(engine)
  const name = `assay-probe-${randomBytes(6).toString('hex')}`
  const imageRef = (await imageRefs(architecture))[spec.image]
  const appArmor = await boxProfile(engine, { imageRef, architecture })
  const { user, release } = takeBoxUser(spec.role)
  const options = hostConfig(spec, {
    imageRef,
    architecture,
    user,
    appArmor,
    labels: labelsOf(spec, Date.now()),
  })
  try {
    const container = await createContainer(engine, name, { ...options, Cmd: command })
    const socket = await attach(engine, container)
    const { stdout, lastWords } = takeApart(socket, () => socket.destroy())
    const said = text(stdout)
    await startContainer(engine, container)
    socket.end()
    if (look) {
      await look(container)
      await engine.ask('kill a box', (_, abortSignal) => container.kill({ abortSignal }))
    }
    await waitForEnd(engine, container, TAKES_AT_MOST)
    const state = await stateOf(engine, container)
    if (!state || state.running) throw new GraderError('PROBE_STUCK', `A probe box did not end within ${TAKES_AT_MOST / 1000} s`)
    const outOfMemory = state.outOfMemory || (await sawOutOfMemory(engine, container))
    return { exitCode: state.exitCode, stdout: await said, stderr: lastWords(), outOfMemory }
  } finally {
    await removeContainer(engine, name)
    release()
  }
}
