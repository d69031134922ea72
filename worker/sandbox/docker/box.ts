import type Docker from 'dockerode'
import type { Duplex } from 'node:stream'
import { Mux } from '../../../core/mux.ts'
import type { Box, BoxEnd, BoxSpec } from '../sandbox.ts'
import { pauseContainer, removeContainer, stateOf, waitForEnd } from './box-container.ts'
import { takeApart } from './box-line.ts'
import type { Watched } from './box-watch.ts'
import type { Engine } from './engine.ts'
import type { Removals } from './removals.ts'

/*
 * A running box: a container with a mux on its stdio. It ends when its line does, whichever way: the container ended,
 * the engine went away, or what came was not frames. While a box runs well no call is made for it: the engine
 * tells by itself when something becomes of it (box-watch.ts).
 */
const ENDS_WITHIN = 2000
const KILLED_WITHIN = 10_000
/** News of a kill comes to the engine by way of two other processes, and may come after that of the end: wait this long for it. */
const KILL_NEWS_MS = 50

type Parts = {
  engine: Engine
  container: Docker.Container
  socket: Duplex
  watched: Watched
  removals: Removals
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
  #disposed: Promise<void> | undefined
  #frozen = false

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
    this.ended = this.#lineClosed.promise.then(() =>
      this.#disposed ? { exitCode: null, outOfMemory: false, engineAway: false } : this.#howItEnded(),
    )
  }

  open(name: string): Duplex {
    return this.#mux.open(name)
  }

  onStream(handler: (name: string, stream: Duplex) => void): void {
    this.#onStream = handler
    for (const [name, stream] of this.#waiting.splice(0)) handler(name, stream)
  }

  /** Ends the box where its line has not told: its container is no more, or the engine does not answer. */
  close(): void {
    this.#lineClosed.resolve()
    this.#parts.socket.destroy()
  }

  outOfMemory(): Promise<boolean> {
    return Promise.resolve(this.#parts.watched.outOfMemory)
  }

  async freeze(): Promise<void> {
    if (this.#frozen) return
    this.#frozen = true
    await pauseContainer(this.#parts.engine, this.#parts.container, 'pause')
  }

  async thaw(): Promise<void> {
    if (!this.#frozen) return
    await pauseContainer(this.#parts.engine, this.#parts.container, 'unpause')
    this.#frozen = false
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#disposed ??= this.#dispose()
    return this.#disposed
  }

  async #dispose(): Promise<void> {
    const { engine, container, watched, removals, onDisposed } = this.#parts
    this.#mux.close()
    this.close()
    // gVisor takes ten seconds to kill a box that is held still.
    await this.thaw().catch(() => {})
    const removed = await removals.inTurn(() => removeContainer(engine, container.id))
    // Only now: whoever waits to hear how it ended still does.
    watched[Symbol.dispose]()
    onDisposed(removed)
  }

  async #howItEnded(): Promise<BoxEnd> {
    const { engine, container, watched } = this.#parts
    const facts = this.#brokenLine === undefined ? {} : { brokenLine: this.#brokenLine }
    try {
      if (this.#brokenLine === undefined && !(await watched.died(ENDS_WITHIN))) await waitForEnd(engine, container, ENDS_WITHIN)
      // Asked even where the end was told: an engine that is being stopped tells of its boxes' ends too.
      let state = await stateOf(engine, container)
      if (state?.running) {
        // Without its line it is of no use, and it may be up to anything.
        await engine.ask('kill a box', (_, abortSignal) => container.kill({ abortSignal })).catch(() => {})
        await waitForEnd(engine, container, KILLED_WITHIN)
        state = await stateOf(engine, container)
      }
      const outOfMemory = state?.outOfMemory || (await watched.outOfMemorySoon(KILL_NEWS_MS))
      return { ...facts, exitCode: state && !state.running ? state.exitCode : null, outOfMemory, engineAway: false }
    } catch {
      return { ...facts, exitCode: null, outOfMemory: false, engineAway: true }
    }
  }
}
