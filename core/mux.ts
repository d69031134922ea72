import { Duplex, type Readable, type Writable } from 'node:stream'

/*
 * Many named byte streams over one pair of pipes: a box's stdin and stdout.
 *
 * A frame is type (1 byte), stream (4), length (4), payload. Either side opens streams: the host's have odd numbers,
 * the box's even ones. Each direction of a stream has a window: a sender may have WINDOW bytes on the way, and the
 * receiver grants more as its reader takes them, so one slow stream never holds up another and memory stays bounded
 * by WINDOW × MAX_STREAMS. The other end may be hostile: any frame out of the rules ends the line (`onBroken`),
 * and with it every stream.
 *
 * A reset says that the other end wants no more of a stream. What it had sent before is still read here: a program may answer
 * and close without having read all that it was asked.
 *
 * The box agent has the same in sandbox-images/agent/mux.go, with the same numbers.
 */
const OPEN = 1
const DATA = 2
const END = 3
const RESET = 4
const GRANT = 5

const HEADER = 9
const MAX_PAYLOAD = 64 * 1024
const WINDOW = 128 * 1024
/** How long what came before a reset may wait to be read. */
const LAST_WORDS_MS = 5_000
const MAX_STREAMS = 128
const MAX_NAME = 64
/** Frames that may wait to be taken. In order there are few; refusals and grants have no window, so who only asks would heap them up. */
const MAX_UNSENT = 100_000

type MuxOptions = {
  side: 'host' | 'box'
  input: Readable
  output: Writable
  /** A stream that the other end opened. Destroy it to refuse it. */
  onStream: (name: string, stream: Duplex) => void
  /** The line ended: no reason when the other end closed it in order. Called once. */
  onBroken: (reason?: Error) => void
}

export class Mux {
  readonly #options: MuxOptions
  readonly #streams = new Map<number, MuxStream>()
  #nextId: number
  #pending: Buffer = Buffer.alloc(0)
  #broken = false
  #unsent = 0
  #gathering = false

  constructor(options: MuxOptions) {
    this.#options = options
    this.#nextId = options.side === 'host' ? 1 : 2
    options.input.on('data', (chunk: Buffer) => this.#receive(chunk))
    options.input.on('end', () => this.close())
    options.input.on('error', error => this.close(error))
    options.output.on('error', error => this.close(error))
  }

  /** What came of a frame that isn't whole yet: always less than one frame, and nothing once the line has ended. */
  get pendingBytes(): number {
    return this.#pending.length
  }

  /** Opens a stream to the other end; it may write at once. A broken line gives a stream that is destroyed. */
  open(name: string): Duplex {
    const id = this.#nextId
    this.#nextId += 2
    const stream = this.#add(id)
    this.#send(OPEN, id, Buffer.from(name))
    if (this.#broken) stream.destroy(new Error(`the box's line is closed; can't open "${name}"`))
    return stream
  }

  close(reason?: Error): void {
    if (this.#broken) return
    this.#broken = true
    this.#pending = Buffer.alloc(0)
    for (const stream of this.#streams.values()) stream.destroy(reason ?? new Error("the box's line closed"))
    this.#streams.clear()
    this.#options.onBroken(reason)
  }

  #add(id: number): MuxStream {
    const stream = new MuxStream({
      data: (chunk, sent) => this.#send(DATA, id, chunk, sent),
      end: sent => this.#send(END, id, undefined, sent),
      grant: bytes => {
        const payload = Buffer.alloc(4)
        payload.writeUInt32BE(bytes)
        this.#send(GRANT, id, payload)
      },
      gone: inOrder => {
        if (!this.#streams.delete(id)) return
        if (!inOrder) this.#send(RESET, id)
      },
    })
    // A stream that nobody listens to yet must not bring the process down when the line breaks.
    stream.on('error', () => {})
    this.#streams.set(id, stream)
    return stream
  }

  #send(type: number, id: number, payload: Buffer = Buffer.alloc(0), sent?: (error?: Error | null) => void): void {
    if (this.#broken) return sent?.(new Error("the box's line is closed"))
    const frame = Buffer.allocUnsafe(HEADER + payload.length)
    frame.writeUInt8(type, 0)
    frame.writeUInt32BE(id, 1)
    frame.writeUInt32BE(payload.length, 5)
    payload.copy(frame, HEADER)
    this.#unsent++
    this.#gather()
    this.#options.output.write(frame, error => {
      this.#unsent--
      sent?.(error)
    })
    if (this.#unsent > MAX_UNSENT) this.close(new Error('it asks and takes nothing'))
  }

  /** What is sent in one turn goes out as one write: each wakes every process on the way. */
  #gather(): void {
    if (this.#gathering) return
    this.#gathering = true
    const { output } = this.#options
    output.cork()
    setImmediate(() => {
      this.#gathering = false
      output.uncork()
    })
  }

  #receive(chunk: Buffer): void {
    // Who broke the line may go on sending.
    if (this.#broken) return
    let rest = this.#pending.length > 0 ? Buffer.concat([this.#pending, chunk]) : chunk
    while (rest.length >= HEADER && !this.#broken) {
      const length = rest.readUInt32BE(5)
      if (length > MAX_PAYLOAD) return this.close(new Error(`a frame of ${length} bytes`))
      if (rest.length < HEADER + length) break
      const fault = this.#handle(rest.readUInt8(0), rest.readUInt32BE(1), rest.subarray(HEADER, HEADER + length))
      if (fault) return this.close(new Error(fault))
      rest = rest.subarray(HEADER + length)
    }
    if (!this.#broken) this.#pending = rest
  }

  /** Acts on one frame; returns what is wrong with it, if anything. */
  #handle(type: number, id: number, payload: Buffer): string | undefined {
    if (type === OPEN) return this.#handleOpen(id, payload)
    if (type < OPEN || type > GRANT) return `an unknown frame type ${type}`
    const stream = this.#streams.get(id)
    // The stream may have ended here while the frame was on its way.
    if (!stream) return undefined
    if (type === DATA) return stream.receive(payload)
    if (type === END) stream.receiveEnd()
    if (type === RESET) stream.receiveReset()
    if (type === GRANT) {
      if (payload.length !== 4) return 'a grant without a size'
      return stream.receiveGrant(payload.readUInt32BE())
    }
    return undefined
  }

  #handleOpen(id: number, payload: Buffer): string | undefined {
    const theirs = this.#options.side === 'host' ? 0 : 1
    if (id % 2 !== theirs || id === 0 || this.#streams.has(id)) return `stream ${id} is not the other end's to open`
    if (payload.length === 0 || payload.length > MAX_NAME) return 'a stream without a name'
    const stream = this.#add(id)
    if (this.#streams.size > MAX_STREAMS) stream.destroy(new Error('too many streams'))
    else this.#options.onStream(payload.toString('latin1'), stream)
    return undefined
  }
}

type Wire = {
  data: (chunk: Buffer, sent: (error?: Error | null) => void) => void
  end: (sent: (error?: Error | null) => void) => void
  grant: (bytes: number) => void
  gone: (inOrder: boolean) => void
}

class MuxStream extends Duplex {
  readonly #wire: Wire
  #credit = WINDOW
  #waiting: (() => void) | undefined
  #received = 0
  #ungranted = 0
  #ended = false
  /** Made when the reset came, so that its trace tells by what. */
  #reset: Error | undefined

  constructor(wire: Wire) {
    super({ allowHalfOpen: true })
    this.#wire = wire
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    if (chunk.length === 0) return done()
    // Nobody takes it, and to say so would end the stream before it is read.
    if (this.#reset) return
    if (this.#credit === 0) {
      this.#waiting = () => this._write(chunk, _encoding, done)
      return
    }
    const now = chunk.subarray(0, Math.min(chunk.length, this.#credit, MAX_PAYLOAD))
    this.#credit -= now.length
    this.#wire.data(now, error => {
      if (error || now.length === chunk.length) done(error)
      else this._write(chunk.subarray(now.length), _encoding, done)
    })
  }

  override _final(done: (error?: Error | null) => void): void {
    if (!this.#reset) this.#wire.end(done)
  }

  override read(size?: number): Buffer | null {
    const chunk = super.read(size) as Buffer | null
    if (this.#reset) this.#breakWhenRead()
    return chunk
  }

  override _read(): void {
    if (this.#reset) return
    const taken = this.#ungranted
    // A sender goes on for as long as the window lasts: what is short is never granted at all.
    if (taken < WINDOW / 2) return
    // Before the grant goes out, since what it brings may come in at once.
    this.#ungranted = 0
    this.#received -= taken
    this.#wire.grant(taken)
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#wire.gone(this.#reset !== undefined || (!error && this.#ended && this.writableFinished))
    done(error)
  }

  receive(chunk: Buffer): string | undefined {
    if (this.#reset) return undefined
    if (this.#ended) return 'data after the end'
    this.#received += chunk.length
    if (this.#received > WINDOW) return 'more data than was granted'
    this.#ungranted += chunk.length
    if (this.push(Buffer.from(chunk))) this._read()
    return undefined
  }

  receiveEnd(): void {
    if (this.#reset) return
    this.#ended = true
    this.push(null)
  }

  receiveReset(): void {
    if (this.#reset) return
    this.#reset = new Error('reset by the other end')
    this.#waiting = undefined
    this.once('end', () => this.#breakWhenRead())
    this.#breakWhenRead()
    // Whoever doesn't read keeps no place for it, and the other end of a connection hears that it broke.
    const enough = setTimeout(() => this.destroy(this.#reset), LAST_WORDS_MS).unref()
    this.once('close', () => clearTimeout(enough))
  }

  /**
   * Breaks once all was read, a turn after: who reads may look whether the stream still stands, or put back what is too much now.
   * Until then it keeps its place on the line, so that there are never more streams than there may be.
   */
  #breakWhenRead(): void {
    setImmediate(() => {
      if (this.#ended ? this.readableEnded : this.readableLength === 0) this.destroy(this.#reset)
    })
  }

  receiveGrant(bytes: number): string | undefined {
    if (this.#reset) return undefined
    this.#credit += bytes
    if (this.#credit > WINDOW) return 'a grant above the window'
    const resume = this.#waiting
    this.#waiting = undefined
    resume?.()
    return undefined
  }
}
