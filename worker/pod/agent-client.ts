import type { Duplex } from 'node:stream'
import { fromAgentSchema, type FromAgent, type ToAgent } from '../../core/agent-protocol.ts'
import { jsonLine, jsonLines } from '../../core/lines.ts'
import type { FileMap } from '../../core/submission.ts'
import type { Box } from '../sandbox/sandbox.ts'

export type ProgramExit = { code: number | null; signal: string | null; oomKills: number }
/** `oomKills`: the kernel's count of out-of-memory kills in the box so far. */
export type ProgramState = { running: true; oomKills: number } | ({ running: false } & ProgramExit) | 'box gone'
/** Without an `exit` the agent could not start the program at all. */
export type StartResult = { listening: true; afterMs: number } | { listening: false; exit?: ProgramExit }

/**
 * The worker's end of a box agent. What it says is the learner's to forge: it is parsed, and believed only
 * where a lie harms nobody but the liar.
 */
export class AgentClient {
  readonly #stream: Duplex
  readonly #waiting: { answers: readonly FromAgent['type'][]; resolve: (answer: FromAgent | undefined) => void }[] = []
  #onExit: (exit: ProgramExit) => void = () => {}
  #toldToEnd = false

  constructor(box: Box, configuration: Omit<Extract<ToAgent, { type: 'configure' }>, 'type'>) {
    this.#stream = box.open('agent')
    this.#say({ type: 'configure', ...configuration })
    void this.#listen()
  }

  /** Whether an answer is still awaited: one question is answered after the other. */
  get isAsked(): boolean {
    return this.#waiting.length > 0
  }

  /** Whether the program was sent SIGTERM since it was started: if it ends, then as it was told. */
  get isToldToEnd(): boolean {
    return this.#toldToEnd
  }

  /** Called when the program ends by itself after it was listening. */
  onExit(handler: (exit: ProgramExit) => void): void {
    this.#onExit = handler
  }

  /** Has a program wait for its files; false when none does, and the first start will be a cold one. */
  async warm(): Promise<boolean> {
    const answer = await this.#ask({ type: 'warm' }, ['warm'])
    return answer?.type === 'warm'
  }

  /** Starts the program afresh on these files. Resolves with undefined when the box ended instead. */
  async start(files: FileMap): Promise<StartResult | undefined> {
    this.#toldToEnd = false
    const answer = await this.#ask({ type: 'start', files }, ['listening', 'exited'])
    if (answer?.type === 'listening') return { listening: true, afterMs: answer.afterMs }
    if (answer?.type === 'exited') return { listening: false, exit: answer }
    if (answer) return { listening: false }
    return undefined
  }

  /** Whether the program runs, or waits for its files, and how it ended if it has; `box gone` when nobody is left to ask. */
  async check(): Promise<ProgramState> {
    const answer = await this.#ask({ type: 'check' }, ['running', 'exited'])
    if (answer?.type === 'running') return { running: true, oomKills: answer.oomKills }
    return answer?.type === 'exited' ? { running: false, ...answer } : 'box gone'
  }

  /** Kills all that runs in the box but the agent. */
  async stop(): Promise<void> {
    await this.#ask({ type: 'stop' }, ['stopped'])
  }

  /** Makes database "app" anew; returns what went wrong, if anything. */
  async reset(): Promise<string | undefined> {
    const answer = await this.#ask({ type: 'reset' }, ['done'])
    return answer?.type === 'done' ? undefined : answer?.type === 'failed' ? answer.message : 'the database box ended'
  }

  signal(signal: 'SIGTERM'): void {
    this.#toldToEnd = true
    this.#say({ type: 'signal', signal })
  }

  #say(message: ToAgent): void {
    this.#stream.write(jsonLine(message))
  }

  #ask(message: ToAgent, answers: readonly FromAgent['type'][]): Promise<FromAgent | undefined> {
    const { promise, resolve } = Promise.withResolvers<FromAgent | undefined>()
    if (this.#stream.destroyed) resolve(undefined)
    else {
      this.#waiting.push({ answers: [...answers, 'failed'], resolve })
      this.#say(message)
    }
    return promise
  }

  async #listen(): Promise<void> {
    try {
      for await (const line of jsonLines(this.#stream, { maxLine: 64 * 1024, maxTotal: 1024 * 1024 })) {
        const message = fromAgentSchema.parse(line)
        // A program may end while something else is asked of the agent: that is news, no answer.
        if (this.#waiting[0]?.answers.includes(message.type)) this.#waiting.shift()!.resolve(message)
        else if (message.type === 'exited') this.#onExit(message)
      }
    } catch {
      // A broken line or a forged message: losing this stream ends the agent, and the box with it.
    }
    this.#stream.destroy()
    for (const { resolve } of this.#waiting.splice(0)) resolve(undefined)
  }
}
