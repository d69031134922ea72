import type { Logger } from 'pino'
import { EventSender } from './event-sender.ts'
import { collectTests } from './grading/collect-tests.ts'
import { gradeSubmission, type Graded } from './grading/grade-submission.ts'
import { graderFault } from './grading/grader-fault.ts'
import type { GradeRequest } from './grading/request.ts'
import type { ReportOutbox } from './report-outbox.ts'
import type { PodSource } from './pod/pod-source.ts'
import type { Sandbox, SandboxRuntime } from './sandbox/sandbox.ts'
import type { ServerClient } from './server-client.ts'

/** Why a grading that is under way is stopped; the abort reason of its signal. */
export type StopReason = 'superseded' | 'shutdown'

/** The gradings that this worker holds, by id: for the heartbeat, and to stop them. */
export type Held = Map<string, { token: number; stop: (reason: StopReason) => void }>

export type TakeOptions = {
  server: ServerClient
  outbox: ReportOutbox
  sandbox: Sandbox
  sandboxRuntime: SandboxRuntime
  pods: PodSource
  held: Held
  /** Called before a grading goes back for want of an engine, so that this worker doesn't take it again at once. */
  onEngineAway: () => Promise<void>
  log: Logger
}

/**
 * Takes one grading from claim to report. Returns when the server has, or will be sent, the report; when the grading went
 * back to the line; or when it is no longer this worker's. Throws only when the server could not be asked: then the server
 * finds the grading among those that nobody holds and puts it back.
 */
export async function takeGrading(
  gradingId: string,
  { server, outbox, sandbox, sandboxRuntime, pods, held, onEngineAway, log }: TakeOptions,
): Promise<void> {
  const claim = await server.claim(gradingId)
  if (!claim) return
  const { token, submissionId, runtime, mode, reason, seed, files } = claim
  const stopper = new AbortController()
  // The server thought it lost and gave it out again: an older try of ours has nothing to say any more.
  held.get(gradingId)?.stop('superseded')
  held.set(gradingId, { token, stop: reason => stopper.abort(reason) })
  const events = new EventSender(some => server.events(gradingId, token, some))
  const began = performance.now()
  try {
    const bundle = await server.bundle(claim.version)
    const request: GradeRequest = {
      sandbox,
      sandboxRuntime,
      pods,
      bundle,
      tests: claim.tests ?? [],
      runtime,
      mode,
      seed,
      keepSeed: reason !== 'first',
      files,
      signal: stopper.signal,
      onEvent: event => events.add(event),
    }
    const ended = await grade(request, claim.tests ? undefined : tests => server.putTests(claim.version, tests))
    if ('report' in ended) {
      // Its boxes are removed once the report is on its way.
      await using _ = ended
      if (ended.error) log.error({ gradingId, submissionId, err: ended.error }, 'grader fault')
      const delivered = await outbox.deliver(gradingId, token, ended.report, await events.rest())
      const { outcome, fault } = ended.report
      log.info(
        { gradingId, submissionId, exercise: claim.slug, outcome, fault, delivered, wallMs: Math.round(performance.now() - began) },
        'graded',
      )
    } else {
      await events.rest()
      log.warn({ gradingId, submissionId, reason: ended.goneBy }, 'not graded here')
      if (ended.goneBy === 'engine_away') await onEngineAway()
      if (ended.goneBy !== 'superseded') await server.giveBack(gradingId, token, ended.goneBy)
    }
  } finally {
    if (held.get(gradingId)?.token === token) held.delete(gradingId)
  }
}

type Ended = (Graded & { error?: unknown }) | { goneBy: StopReason | 'engine_away' }

/** Grades, and tells our own faults apart: stopped from outside, the engine away, or a fault that the report carries. */
async function grade(
  request: GradeRequest,
  keepTests: ((tests: GradeRequest['tests'][number][]) => Promise<void>) | undefined,
): Promise<Ended> {
  const { sandbox, bundle, signal } = request
  try {
    if (!keepTests) return await gradeSubmission(request)
    const tests = await collectTests(sandbox, bundle, signal)
    await keepTests(tests)
    return await gradeSubmission({ ...request, tests })
  } catch (error) {
    if (signal.aborted) return { goneBy: signal.reason as StopReason }
    const engineAway = await sandbox.facts().then(
      () => false,
      () => true,
    )
    return engineAway ? { goneBy: 'engine_away' } : { report: graderFault(request, error), error, [Symbol.asyncDispose]: async () => {} }
  }
}
