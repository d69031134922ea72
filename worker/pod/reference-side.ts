import { setTimeout as wait } from 'node:timers/promises'
import { GraderError } from '../../core/errors.ts'
import { FIXED } from '../../core/limits.ts'
import type { Reference } from '../../core/reference.ts'
import type { PodPlan } from '../kinds/kind.ts'
import type { Box, BoxEnd } from '../sandbox/sandbox.ts'
import type { AgentClient } from './agent-client.ts'
import { resetDatabase } from './reset-database.ts'
import { startDatabase, wireSubject, type Database } from './wire-boxes.ts'

/**
 * The exercise's reference in its boxes, made and limited as the learner's are. It is the exercise's own: whatever becomes of it is
 * a fault of ours or of the exercise's author, never the learner's, so everything here throws GraderError.
 */
export class ReferenceSide {
  readonly box: Box
  readonly agent: AgentClient
  readonly database: Database | undefined
  /** Resolves when it, its database or one of its boxes ends, with what that was. */
  readonly ended: Promise<GraderError>
  readonly #solution: Reference
  readonly #program: NonNullable<PodPlan['subject']>
  #warmed: Promise<unknown> = Promise.resolve()
  #begun = false
  #words = ''

  constructor({
    solution,
    program,
    plan,
    boxes,
  }: {
    solution: Reference
    program: NonNullable<PodPlan['subject']>
    plan: PodPlan
    boxes: readonly Box[]
  }) {
    this.#solution = solution
    this.#program = program
    const database = boxes.find(box => box.role === 'database')
    this.database = database && startDatabase(database, plan)
    const box = boxes.find(each => each.role === 'subject')!
    const heard = (_: string, chunk: Buffer) => void (this.#words = (this.#words + chunk.toString('utf8')).slice(-8192))
    const { agent } = wireSubject(box, program, this.database, heard)
    this.box = box
    this.agent = agent
    this.ended = this.#firstEnd()
  }

  /** Has it wait for its files, as the learner's program does. */
  async warm(): Promise<void> {
    if (this.#program.waiting) await (this.#warmed = this.agent.warm())
  }

  /** Starts it, or starts it afresh. */
  async restart(startMs: number): Promise<void> {
    await this.#warmed
    await this.#stop()
    this.#begun = true
    const late = new AbortController()
    const started = await Promise.race([
      this.agent.start(this.#solution.files),
      wait(startMs, { listening: false } as const, { signal: late.signal, ref: false }),
    ])
    late.abort()
    if (!started?.listening) throw this.#fault(`did not listen on $PORT within ${startMs / 1000} s`)
  }

  /** Makes its database anew. */
  async reset(): Promise<void> {
    if (!this.database) throw new GraderError('EXAMINER_PROTOCOL', 'The examiner asked for a database that the reference has not')
    await this.#stop()
    const failed = await resetDatabase(this.database.agent)
    if (failed !== undefined) throw new GraderError('DATABASE_STUCK', `The reference's database could not be made anew: ${failed}`)
  }

  #firstEnd(): Promise<GraderError> {
    const { promise, resolve } = Promise.withResolvers<GraderError>()
    const boxEnded = (end: BoxEnd) =>
      resolve(
        end.engineAway
          ? new GraderError('ENGINE_AWAY', 'The Docker engine went away during the grading')
          : this.#fault(end.outOfMemory ? 'ran out of memory' : 'ended with its box'),
      )
    this.agent.onExit(() => resolve(this.#fault('ended while programs were compared with it')))
    void this.box.ended.then(boxEnded)
    this.database?.agent.onExit(() =>
      resolve(new GraderError('DATABASE_ENDED', `The reference's database ended: ${this.database!.lastWords()}`)),
    )
    void this.database?.box.ended.then(boxEnded)
    return promise
  }

  async #stop(): Promise<void> {
    if (this.#begun) await this.agent.stop()
  }

  #fault(what: string): GraderError {
    const words = this.#words.trimEnd().split('\n').slice(-FIXED.logTailLines).join('\n')
    return new GraderError('EXERCISE_BROKEN', `exercise.yaml: the reference ${this.#solution.path} ${what}${words ? `\n${words}` : ''}`)
  }
}
