import { StringDecoder } from 'node:string_decoder'
import { FIXED } from '../../core/limits.ts'

export type OutputSource = 'stdout' | 'stderr'

const TEST_LOG_BYTES = 16 * 1024

/**
 * What a learner's program prints: counted, and kept as head and tail so that memory stays flat however much comes.
 * `open` ends where the first hidden test begins, since a program may print the requests it gets.
 */
export class OutputCapture {
  readonly all = new HeadAndTail(FIXED.outputKeptBytes)
  readonly open = new HeadAndTail(FIXED.outputKeptBytes)
  readonly #decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') }
  readonly #tests = new Map<string, HeadAndTail>()
  #current: HeadAndTail | undefined
  #closed = false

  /** Takes bytes as they come; returns them as text without NUL characters. */
  add(from: OutputSource, chunk: Buffer): string {
    const text = this.#decoders[from].write(chunk).replaceAll('\0', '\uFFFD')
    this.all.add(text)
    if (!this.#closed) this.open.add(text)
    this.#current?.add(text)
    return text
  }

  testStarts(id: string, hidden: boolean): void {
    if (hidden) this.#closed = true
    this.#current = new HeadAndTail(TEST_LOG_BYTES)
    this.#tests.set(id, this.#current)
  }

  testEnds(): void {
    this.#current = undefined
  }

  ofTest(id: string): string | undefined {
    const text = this.#tests.get(id)?.text()
    return text === '' ? undefined : text
  }

  /** The last lines, as start_error and runtime_error show them. `open`: only what a learner may see. */
  lastLines(count: number): { open: string; all: string } {
    return { open: lastLines(this.open.text(), count), all: lastLines(this.all.text(), count) }
  }
}

class HeadAndTail {
  readonly #half: number
  #head = ''
  #tail = ''
  #length = 0

  constructor(kept: number) {
    this.#half = Math.floor(kept / 2)
  }

  get length(): number {
    return this.#length
  }

  get truncated(): boolean {
    return this.#length > this.#head.length + this.#tail.length
  }

  add(text: string): void {
    this.#length += text.length
    const room = this.#half - this.#head.length
    if (room > 0) this.#head += text.slice(0, room)
    const rest = room > 0 ? text.slice(room) : text
    this.#tail = (this.#tail + rest).slice(-this.#half)
  }

  text(): string {
    if (!this.truncated) return this.#head + this.#tail
    const left = this.#length - this.#head.length - this.#tail.length
    return `${this.#head}\n… ${left} characters left out …\n${this.#tail}`
  }
}

function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n').slice(-20_000)
}
