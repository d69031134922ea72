import type { Duplex } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { EXAMINER_LINES } from '../../core/examiner-lines.ts'
import { GraderError } from '../../core/errors.ts'
import { fromExaminerSchema, type FromExaminer, type ToExaminer } from '../../core/examiner-protocol.ts'
import { jsonLine, jsonLines } from '../../core/lines.ts'
import type { Box } from '../sandbox/sandbox.ts'

const LAST_WORDS_MS = 2_000

/** The worker's end of the examiner's protocol (core/examiner-protocol.ts). */
export class ExaminerClient {
  readonly #box: Box
  readonly #stream: Duplex

  constructor(box: Box) {
    this.#box = box
    this.#stream = box.open('examiner')
  }

  say(message: ToExaminer): void {
    this.#stream.write(jsonLine(message))
  }

  /** Tells the examiner what the program printed, unless it is too busy to take it: the log fixture may miss lines, the grading goes on. */
  tellOutput(from: 'stdout' | 'stderr', text: string): void {
    if (!this.#stream.writableNeedDrain) this.say({ type: 'log', from, text })
  }

  /**
   * What the examiner says, in order. Throws GraderError when it stops saying anything before its last word,
   * or says something out of the protocol: it is ours, so whatever breaks it is ours too.
   */
  async *messages(): AsyncGenerator<FromExaminer> {
    try {
      for await (const line of jsonLines(this.#stream, EXAMINER_LINES)) yield fromExaminerSchema.parse(line)
    } catch (error) {
      throw await this.#brokenOff(error)
    }
    throw await this.#brokenOff()
  }

  /** By the kernel's word, or Node's own: it ends itself when its heap is full, well before the kernel would act. */
  async #outOfMemory(): Promise<boolean> {
    if (await this.#box.outOfMemory().catch(() => false)) return true
    // What it wrote last may come after the news that its line closed.
    await Promise.race([this.#box.ended, wait(LAST_WORDS_MS, undefined, { ref: false })])
    return this.#box.lastWords().includes('heap out of memory')
  }

  async #brokenOff(cause?: unknown): Promise<GraderError> {
    if (await this.#outOfMemory()) {
      return new GraderError('EXAMINER_OUT_OF_MEMORY', 'The examiner ran out of memory; its box has a fixed ceiling', { cause })
    }
    const why = cause instanceof Error ? cause.message : 'its line closed'
    return new GraderError('EXAMINER_BROKE_OFF', `The examiner ended before its report: ${why}\n${this.#box.lastWords()}`.trimEnd(), {
      cause,
    })
  }
}
