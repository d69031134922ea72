import type Docker from 'dockerode'
import type { Duplex } from 'node:stream'
import { Mux } from '../../../core/mux.ts'
import type { Box, BoxEnd, BoxSpec } from '../sandbox.ts'
import { removeContainer, sawOutOfMemory, stateOf, waitForEnd } from './box-container.ts'
import { takeApart } from './box-line.ts'
import type { Engine } from './engine.ts'

/*
 * A running box: a container with a mux on its stdio. It ends when its line does, whichever way: the container ended,
 * the engine went away, or what came was not frames. A look at the container every few seconds stands in for news
 * that never came.
 */
const LOOK_EVERY = 2000
const LOOKS_THAT_MAY_FAIL = 3
const ENDS_WITHIN = 2000
const KILLED_WITHIN = 10_000

type Parts = {
  engine: Engine
  container: Docker.Container
  socket: Duplex
  role: BoxSpec['role']
  imageDigest: string
  /** Called once the container is gone or given up. */
  onDisposed: (removed: boolean) => void
}

export class DockerBox implements Box {
  readonly id: string
  readonly role: BoxSpec['role']
  readonly imageDigest: string
  readonly ended: Promise<BoxEnd>
  readonly lastWords: () => string
  readonly #parts: Parts
  readonly #mux: Mux
  readonly #lineClosed = Promise.withResolvers<void>()
  readonly #waiting: [string, Duplex][] = []
  #onStream: ((name: string, stream: Duplex) => void) | undefined
  #brokenLine: string | undefined
  #failedLooks = 0
  #disposed: Promise<void> | undefined

  constructor(parts: Parts) {
    const { socket, container, role, imageDigest } = parts
    this.#parts = parts
    this.id = container.id
    this.role = role
    this.imageDigest = imageDigest

    const close = (brokenLine?: string) => {
      this.#brokenLine ??= brokenLine
      this.#lineClosed.resolve()
      socket.destroy()
    }
    // First, so that the mux's own complaint about a socket that failed doesn't read as the box's fault.
    socket.on('error', () => close())
    const { stdout, lastWords } = takeApart(socket, () => close('too much on its stderr'))
    this.lastWords = lastWords
    this.#mux = new Mux({
      side: 'host',
      input: stdout,
      output: socket,
      onStream: (name, stream) => {
        if (this.#onStream) this.#onStream(name, stream)
        else this.#waiting.push([name, stream])
      },
      onBroken: reason => close(socket.destroyed ? undefined : reason?.message),
    })
    const looking = setInterval(() => void this.#look(), LOOK_EVERY)
    this.ended = this.#lineClosed.promise.then(() => {
      clearInterval(looking)
      return this.#disposed ? { exitCode: null, outOfMemory: false, engineAway: false } : this.#howItEnded()
    })
  }

  open(name: string): Duplex {
    return this.#mux.open(name)
  }

  onStream(handler: (name: string, stream: Duplex) => void): void {
    this.#onStream = handler
    for (const [name, stream] of this.#waiting.splice(0)) handler(name, stream)
  }

  async outOfMemory(): Promise<boolean> {
    const { engine, container } = this.#parts
    const state = await stateOf(engine, container)
    return state !== undefined && (state.outOfMemory || (await sawOutOfMemory(engine, container)))
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#disposed ??= this.#dispose()
    return this.#disposed
  }

  async #dispose(): Promise<void> {
    const { engine, container, socket, onDisposed } = this.#parts
    this.#lineClosed.resolve()
    this.#mux.close()
    socket.destroy()
    onDisposed(await removeContainer(engine, container.id))
  }

  /** Ends the box when the container has ended and the line has not told, or when the engine no longer answers. */
  async #look(): Promise<void> {
    const { engine, container, socket } = this.#parts
    try {
      const state = await stateOf(engine, container)
      this.#failedLooks = 0
      if (state?.running) return
    } catch {
      if (++this.#failedLooks < LOOKS_THAT_MAY_FAIL) return
    }
    this.#lineClosed.resolve()
    socket.destroy()
  }

  async #howItEnded(): Promise<BoxEnd> {
    const { engine, container } = this.#parts
    const facts = this.#brokenLine === undefined ? {} : { brokenLine: this.#brokenLine }
    try {
      if (this.#brokenLine === undefined) await waitForEnd(engine, container, ENDS_WITHIN)
      let state = await stateOf(engine, container)
      if (state?.running) {
        // Without its line it is of no use, and it may be up to anything.
        await engine.ask('kill a box', (_, abortSignal) => container.kill({ abortSignal })).catch(() => {})
        await waitForEnd(engine, container, KILLED_WITHIN)
        state = await stateOf(engine, container)
      }
      const outOfMemory = state !== undefined && (state.outOfMemory || (await sawOutOfMemory(engine, container)))
      return { ...facts, exitCode: state && !state.running ? state.exitCode : null, outOfMemory, engineAway: false }
    } catch {
      return { ...facts, exitCode: null, outOfMemory: false, engineAway: true }
    }
  }
}
