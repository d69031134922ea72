import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { tempFolder } from '../support/temp-folder.ts'

/** The machine's engine behind a socket of its own, which keeps what is asked of it, and can lose the subscription to its events. */
export class WatchedEngine implements AsyncDisposable {
  /** Method and address of each call, without what follows the "?". */
  readonly asked: string[] = []
  readonly #folder = tempFolder()
  readonly #server = createServer(socket => this.#take(socket))
  readonly #subscriptions = new Set<Socket>()
  readonly #open = new Set<Socket>()
  #silent = false

  static async open(): Promise<WatchedEngine> {
    const engine = new WatchedEngine()
    engine.#server.listen(engine.#socket)
    await once(engine.#server, 'listening')
    return engine
  }

  get dockerHost(): string {
    return `unix://${this.#socket}`
  }

  get #socket(): string {
    return join(this.#folder.path, 'engine.sock')
  }

  /** How many subscriptions to its events there are now. */
  get subscribed(): number {
    return this.#subscriptions.size
  }

  /** From now on no news comes through, and who asks for them is cut off. */
  loseNews(): void {
    this.#silent = true
    for (const socket of this.#subscriptions) socket.destroy()
  }

  bringNews(): void {
    this.#silent = false
  }

  /** One connection is one call: the sandbox keeps none. */
  #take(socket: Socket): void {
    const engine = connect('/var/run/docker.sock')
    for (const [one, other] of [
      [socket, engine],
      [engine, socket],
    ] as const) {
      this.#open.add(one)
      one.on('error', () => other.destroy())
      one.once('close', () => {
        this.#open.delete(one)
        other.destroy()
      })
    }
    socket.once('data', (head: Buffer) => {
      const [method, address] = head.toString('latin1').split(' ')
      const call = `${method} ${address!.split('?')[0]}`
      this.asked.push(call)
      if (call === 'GET /events') {
        if (this.#silent) {
          socket.destroy()
          return
        }
        this.#subscriptions.add(socket)
        socket.once('close', () => this.#subscriptions.delete(socket))
      }
      engine.write(head)
      socket.pipe(engine)
    })
    engine.pipe(socket)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close()
    for (const socket of this.#open) socket.destroy()
    await once(this.#server, 'close')
    this.#folder[Symbol.dispose]()
  }
}
