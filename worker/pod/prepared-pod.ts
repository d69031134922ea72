import { randomBytes } from 'node:crypto'
import type { Bundle } from '../../core/bundle.ts'
import { GraderError } from '../../core/errors.ts'
import type { FromExaminer } from '../../core/examiner-protocol.ts'
import { referenceOf } from '../../core/reference.ts'
import type { SubmissionRuntime } from '../../core/runtimes.ts'
import { kindOf } from '../kinds/kind.ts'
import type { Sandbox, SandboxRuntime } from '../sandbox/sandbox.ts'
import type { AgentClient } from './agent-client.ts'
import { openPod, type Pod } from './pod.ts'
import { resetDatabase } from './reset-database.ts'
import { withoutTypes } from './without-types.ts'

/*
 * A pod that lacks nothing but a submission: the examiner has loaded its tests, the database holds schema and rows, the learner's
 * program waits for its files with what it imports loaded. No text of a learner's has been near it.
 */
export type PreparedPod = AsyncDisposable & {
  pod: Pod
  seed: number
  /** What the examiner's last word must carry. */
  nonce: string
  /** What the examiner says from here on. */
  messages: AsyncGenerator<FromExaminer>
  /** In milliseconds: opening the boxes, and all of the preparing. */
  timings: Record<string, number>
  /** Asked right before it is handed out: whether every box still answers. */
  sound: () => Promise<boolean>
}

export type PodWanted = {
  sandbox: Sandbox
  bundle: Bundle
  runtime: SubmissionRuntime
  subjectRuntime: SandboxRuntime
  /** How many restarts of the program a further box of its own shall serve. */
  spares: number
  seed: number
}

/** Opening boxes, loading tests and seeding a database are ours: taking longer is our fault. */
const PREPARING_MS = 60_000
/** A box of a pod that waits has nothing to do but answer. */
const SOUND_MS = 1_000

/** Throws GraderError when the pod can't be made, an aborted signal's reason, or EXERCISE_BROKEN with the exercise's file. No box is left then. */
export async function preparePod(wanted: PodWanted, signal: AbortSignal): Promise<PreparedPod> {
  const { sandbox, bundle, runtime, subjectRuntime, spares, seed } = wanted
  const began = performance.now()
  const late = AbortSignal.timeout(PREPARING_MS)
  const kind = kindOf(bundle.manifest)
  const solution = referenceOf(bundle)
  const pod = await openPod({
    sandbox,
    plan: kind.plan(bundle.manifest, runtime),
    reference: solution && { solution, program: kind.plan(bundle.manifest, solution.runtime).subject! },
    spares,
    limits: bundle.manifest.limits,
    name: `pod-${bundle.version.slice(0, 8)}-${randomBytes(4).toString('hex')}`,
    subjectRuntime,
    signal: AbortSignal.any([signal, late]),
  })
  const opened = performance.now() - began
  try {
    const nonce = randomBytes(16).toString('hex')
    const messages = pod.examiner.messages()
    pod.examiner.say({ type: 'job', nonce, jobMode: 'grade', bundle, javascript: withoutTypes(bundle), seed })
    // A program that can't wait is started when its files come.
    const warmed = pod.warmSubjects()
    const [timings] = await unlessBroken(pod, Promise.all([untilReady(pod, messages, bundle.manifest.limits.start), warmed]), signal, late)
    return {
      pod,
      seed,
      nonce,
      messages,
      timings: { ...timings, boxes: opened, prepare: performance.now() - began },
      sound: () => isSound(pod, messages),
      [Symbol.asyncDispose]: () => pod[Symbol.asyncDispose](),
    }
  } catch (error) {
    await pod[Symbol.asyncDispose]()
    throw error
  }
}

/** Answers what the examiner asks of the pod until it has prepared everything; returns its timings. */
async function untilReady(pod: Pod, messages: AsyncGenerator<FromExaminer>, startMs: number): Promise<Record<string, number>> {
  for (;;) {
    const { value: message } = await messages.next()
    if (message?.type === 'ready') return message.timings
    // An examiner whose database went away under it takes that for the exercise's fault.
    if (message?.type === 'broken' && pod.database && !(await isRunning(pod.database))) throw databaseEnded(pod)
    if (message?.type === 'broken') throw new GraderError('EXERCISE_BROKEN', `${message.file}: ${message.message}`)
    if (message?.type === 'control' && pod.reference && (message.action === 'reference.reset' || message.action === 'reference.restart')) {
      await (message.action === 'reference.reset' ? pod.reference.reset() : pod.reference.restart(startMs))
      pod.examiner.say({ type: 'control-done', request: message.request })
      continue
    }
    if (message?.type !== 'control' || message.action !== 'db.reset' || !pod.database)
      throw new GraderError('EXAMINER_PROTOCOL', `The examiner said "${message?.type}" while it prepared`)
    const failed = await resetDatabase(pod.database.agent)
    pod.examiner.say({ type: 'control-done', request: message.request, ...(failed !== undefined && { error: failed }) })
  }
}

/** The outcome of some work, unless a box ends, or one of the two signals comes first. */
async function unlessBroken<T>(pod: Pod, work: Promise<T>, signal: AbortSignal, late: AbortSignal): Promise<T> {
  const { promise: broken, reject } = Promise.withResolvers<never>()
  const stop = () => reject(signal.reason as Error)
  const tooLong = () => reject(new GraderError('PREPARING_TOO_LONG', `The pod was not ready within ${PREPARING_MS / 1000} s`))
  work.catch(() => {})
  signal.addEventListener('abort', stop)
  late.addEventListener('abort', tooLong)
  if (signal.aborted) stop()
  pod.database?.agent.onExit(() => reject(databaseEnded(pod)))
  void boxEnds(pod).catch(reject)
  try {
    return await Promise.race([work, broken])
  } finally {
    signal.removeEventListener('abort', stop)
    late.removeEventListener('abort', tooLong)
  }
}

/** Throws when a box ended whose end nobody else tells: the examiner's is told by its client, a subject's by the look before it is used. */
async function boxEnds(pod: Pod): Promise<void> {
  const { role, end } = await pod.ended
  if (end.engineAway) throw new GraderError('ENGINE_AWAY', 'The Docker engine went away while the pod was made')
  if (role === 'database') throw databaseEnded(pod)
}

function databaseEnded(pod: Pod): GraderError {
  return new GraderError('DATABASE_ENDED', `PostgreSQL ended while the pod was made: ${pod.database?.lastWords() || 'it said nothing'}`)
}

async function isSound(pod: Pod, messages: AsyncGenerator<FromExaminer>): Promise<boolean> {
  const { promise: silent, resolve } = Promise.withResolvers<false>()
  const timer = setTimeout(() => resolve(false), SOUND_MS)
  const { reference } = pod
  const answers = [...pod.subjects, pod.database, reference, reference?.database].filter(each => each !== undefined).map(isRunning)
  pod.examiner.say({ type: 'ping' })
  answers.push(
    messages.next().then(
      ({ value }) => value?.type === 'pong',
      () => false,
    ),
  )
  const sound = await Promise.race([silent, pod.ended.then(() => false), Promise.all(answers).then(all => all.every(Boolean))])
  clearTimeout(timer)
  return sound
}

async function isRunning({ agent }: { agent: AgentClient }): Promise<boolean> {
  const state = await agent.check()
  return state !== 'box gone' && state.running && state.oomKills === 0
}
