import { randomBytes } from 'node:crypto'
import { on } from 'node:events'
import { attach, createContainer, removeContainer, startContainer, stateOf, waitForEnd } from '../../worker/sandbox/docker/box-container.ts'
import { takeApart } from '../../worker/sandbox/docker/box-line.ts'
import { connectEngine, engineFacts } from '../../worker/sandbox/docker/engine.ts'
import { hostConfig } from '../../worker/sandbox/docker/host-config.ts'
import { imageRefs } from '../../worker/sandbox/docker/images.ts'
import { labelsOf } from '../../worker/sandbox/docker/owner.ts'
import { boxSpec } from './open-program.ts'

export const [OPEN, DATA, END, RESET, GRANT] = [1, 2, 3, 4, 5] as const
export const WINDOW = 128 * 1024

export type Frame = { type: number; id: number; payload: Buffer }

export function frame(type: number, id: number, payload: Buffer | string = '', length?: number): Buffer {
  const bytes = Buffer.from(payload as string)
  const head = Buffer.alloc(9)
  head.writeUInt8(type, 0)
  head.writeUInt32BE(id, 1)
  head.writeUInt32BE(length ?? bytes.length, 5)
  return Buffer.concat([head, bytes])
}

export function grant(id: number, bytes: number): Buffer {
  const size = Buffer.alloc(4)
  size.writeUInt32BE(bytes)
  return frame(GRANT, id, size)
}

/** A box agent, with its line in the test's hand: `frames` are what it says, read only as they are asked for. */
export async function openLine({ user = 10_500 }: { user?: number } = {}) {
  const engine = connectEngine()
  const { architecture } = await engineFacts(engine)
  const spec = boxSpec()
  const imageRef = (await imageRefs(architecture)).node
  const name = `assay-subject-${randomBytes(6).toString('hex')}`
  const labels = labelsOf(spec, Date.now())
  const container = await createContainer(engine, name, hostConfig(spec, { imageRef, architecture, user, labels }))
  const socket = await attach(engine, container)
  const { stdout, lastWords } = takeApart(socket, () => {})
  await startContainer(engine, container)
  return {
    write: (...frames: Buffer[]) => socket.write(Buffer.concat(frames)),
    end: () => socket.end(),
    frames: () => readFrames(stdout),
    /** How the agent ended, and what it said last. */
    ended: async () => {
      await waitForEnd(engine, container, 30_000)
      return { exitCode: (await stateOf(engine, container))?.exitCode, lastWords: lastWords() }
    },
    [Symbol.asyncDispose]: async () => {
      socket.destroy()
      await removeContainer(engine, name)
    },
  }
}

async function* readFrames(stdout: NodeJS.ReadableStream): AsyncGenerator<Frame> {
  let held = Buffer.alloc(0)
  for await (const [chunk] of on(stdout, 'data', { close: ['end'] }) as AsyncIterable<[Buffer]>) {
    held = Buffer.concat([held, chunk])
    while (held.length >= 9 && held.length >= 9 + held.readUInt32BE(5)) {
      const end = 9 + held.readUInt32BE(5)
      yield { type: held.readUInt8(0), id: held.readUInt32BE(1), payload: held.subarray(9, end) }
      held = held.subarray(end)
    }
  }
}
