import { EventEmitter } from 'node:events'
import type { Duplex } from 'node:stream'
import { WORKER_LINES } from '../core/examiner-lines.ts'
import { type ControlAction, type ExaminerJob, type FromExaminer, type ToExaminer } from '../core/examiner-protocol.ts'
import { jsonLine, jsonLines } from '../core/lines.ts'

type Begin = Extract<ToExaminer, { type: 'begin' }>
type OutputSource = 'stdout' | 'stderr'
export type ProgramEnd = Omit<Extract<ToExaminer, { type: 'exited' }>, 'type'>

/** The examiner's end of the protocol with the worker (core/examiner-protocol.ts). */
export class WorkerLine {
  readonly #stream: Duplex
  readonly #job = Promise.withResolvers<ExaminerJob>()
  readonly #begin = Promise.withResolvers<Begin>()
  readonly #requests = new Map<number, PromiseWithResolvers<void>>()
  readonly #heard = new EventEmitter<{ output: [from: OutputSource, text: string]; exited: [end: ProgramEnd] }>()
  #lastRequest = 0

  /** What the worker wants. */
  readonly job: Promise<ExaminerJob> = this.#job.promise
  /** The learner's SQL, if any, what to run, and the word to begin. */
  readonly begin: Promise<Begin> = this.#begin.promise

  constructor(stream: Duplex) {
    this.#stream = stream
    this.#heard.setMaxListeners(0)
    this.begin.catch(() => {})
    void this.#listen()
  }

  /** Resolves when the message has left this process. */
  say(message: FromExaminer): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#stream.write(jsonLine(message), () => resolve())
    return promise
  }

  control(action: ControlAction): Promise<void> {
    const request = ++this.#lastRequest
    const asked = Promise.withResolvers<void>()
    this.#requests.set(request, asked)
    void this.say({ type: 'control', request, action })
    return asked.promise
  }

  /** Hears what the subject prints from now on, until the returned function is called. */
  onOutput(listener: (from: OutputSource, text: string) => void): () => void {
    this.#heard.on('output', listener)
    return () => this.#heard.off('output', listener)
  }

  /** Resolves with how the program ended, once it has ended by `subject.signal`: to be called before that is asked for. */
  exited(): Promise<ProgramEnd> {
    return new Promise(resolve => this.#heard.once('exited', resolve))
  }

  async #listen(): Promise<void> {
    try {
      for await (const line of jsonLines(this.#stream, WORKER_LINES)) {
        // The worker is ours, and checked all of this where it came in: a schema here would take as long as all else together.
        const message = line as ToExaminer
        if (message.type === 'job') this.#job.resolve(message)
        else if (message.type === 'begin') this.#begin.resolve(message)
        else if (message.type === 'log') this.#heard.emit('output', message.from, message.text)
        else if (message.type === 'exited') this.#heard.emit('exited', { code: message.code, signal: message.signal })
        else if (message.type === 'ping') void this.say({ type: 'pong' })
        else this.#controlDone(message.request, message.error)
      }
    } catch (error) {
      this.#job.reject(error)
      this.#begin.reject(error)
    }
  }

  #controlDone(request: number, error: string | undefined): void {
    const asked = this.#requests.get(request)
    this.#requests.delete(request)
    if (error === undefined) asked?.resolve()
    else asked?.reject(new Error(error))
  }
}
