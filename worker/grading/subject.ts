import { GraderError } from '../../core/errors.ts'
import { FIXED } from '../../core/limits.ts'
import type { ProgramExit } from '../pod/agent-client.ts'
import type { Subject } from '../pod/wire-boxes.ts'
import type { Conduct } from './conduct.ts'
import type { Ending } from './ending.ts'
import type { Finding } from './evidence.ts'

/** Starts the learner's program within its limit; false when it did not come up and the grading has ended for it. */
export async function startSubject({ request, prepared: { pod }, evidence, ending, deadlines }: Conduct): Promise<boolean> {
  const { start } = request.bundle.manifest.limits
  const began = performance.now()
  if (evidence.timings['start'] === undefined) request.onEvent({ type: 'progress', phase: 'starting' })
  deadlines.set('start', start, () =>
    ending.found({
      outcome: 'start_error',
      code: 'NOT_LISTENING',
      message: `The program did not listen on $PORT within ${start / 1000} s.`,
    }),
  )
  const result = await pod.subject!.agent.start(request.files)
  // The box ended instead: watchSubject says why. The deadline stays, should that news never come.
  if (!result) return false
  deadlines.clear('start')
  if (!result.listening) {
    ending.found(result.exit ? programEnded(result.exit, evidence.output.lastLines(FIXED.logTailLines).all, 'start_error') : NOT_STARTED)
    return false
  }
  evidence.timings['start'] = (evidence.timings['start'] ?? 0) + performance.now() - began
  return true
}

/** The agent answers at once, unless the program has stopped it or takes all its time. */
const NEWS_MS = 5_000

/** Whether the program is no more, without having been told to end; the grading then ends, or is about to end, for that. */
export async function subjectEnded({ prepared: { pod }, evidence, ending, deadlines }: Conduct): Promise<boolean> {
  deadlines.set('news', NEWS_MS, () =>
    ending.found({ outcome: 'runtime_error', code: 'BOX_SILENT', message: 'The box of the program no longer answered.' }),
  )
  const state = await pod.subject!.agent.check()
  // watchSubject says why, once the engine has told it.
  if (state === 'box gone') return true
  if (!state.running) {
    if (endedAsTold(pod.subject!, state)) return false
    ending.found(programEnded(state, evidence.output.lastLines(FIXED.logTailLines).all, 'runtime_error'))
    return true
  }
  // The kernel killed a child; the program lives on, and what it passes counts.
  if (state.oomKills > 0) evidence.findings.push(OUT_OF_MEMORY)
  return false
}

/** Stops the program for what comes next; false when it had ended by itself before, which ends the grading. */
export async function stopSubject(all: Conduct): Promise<boolean> {
  if (await subjectEnded(all)) return false
  await all.prepared.pod.subject!.agent.stop()
  all.deadlines.clear('news')
  return true
}

/** Starts the program as if for the first time: in the pod's next subject box, or in the same one when that was the last. */
export async function startAfresh(all: Conduct): Promise<boolean> {
  if (!(await stopSubject(all))) return false
  if (all.prepared.pod.replaceSubject()) watchSubject(all)
  return startSubject(all)
}

/** Ends the grading when the program or its box ends before its time, and says whose doing that was. */
export function watchSubject({ prepared: { pod }, evidence, ending }: Conduct): void {
  const subject = pod.subject!
  subject.agent.onExit(exit => {
    if (endedAsTold(subject, exit)) return pod.examiner.say({ type: 'exited', code: exit.code, signal: exit.signal })
    ending.found(programEnded(exit, evidence.output.lastLines(FIXED.logTailLines).all, 'runtime_error'))
  })
  void boxEnds()

  async function boxEnds(): Promise<void> {
    const end = await subject.box.ended
    // Another took its place: what becomes of it is nothing to this grading.
    if (pod.subject !== subject) return
    if (end.engineAway) return engineAway(ending)
    if (end.outOfMemory) return ending.found(OUT_OF_MEMORY)
    const message =
      // gVisor ends the whole box where runc refuses one process more.
      pod.runtimes['subject'] === 'runsc'
        ? 'The box of the program ended: it had more processes than it may, or stopped one that it should have left alone.'
        : 'The box of the program ended: the program stopped a process that it should have left alone.'
    ending.found({ outcome: 'runtime_error', code: end.brokenLine ? 'LINE_BROKEN' : 'BOX_ENDED', message })
  }
}

/** How it ended is then the test's to judge that told it to. One that ran out of memory on the way did not end for that. */
function endedAsTold({ agent }: Subject, { oomKills }: ProgramExit): boolean {
  return agent.isToldToEnd && oomKills === 0
}

/** Ends the grading when the database or its box ends. */
export function watchDatabase({ prepared: { pod }, ending }: Conduct): void {
  pod.database?.agent.onExit(exit => databaseEnded(exit.oomKills > 0))
  void pod.database?.box.ended.then(end => (end.engineAway ? engineAway(ending) : databaseEnded(end.outOfMemory)))

  function databaseEnded(outOfMemory: boolean): void {
    const words = pod.database!.lastWords()
    // The data stands in the box's memory: a full disk there is its memory limit.
    if (outOfMemory || /No space left on device|out of memory/i.test(words)) return ending.found(OUT_OF_MEMORY)
    // A server that was well until then was brought down by what was asked of it.
    ending.found(DATABASE_ENDED)
  }
}

function engineAway(ending: Ending): void {
  ending.failed(new GraderError('ENGINE_AWAY', 'The Docker engine went away during the grading'))
}

const OUT_OF_MEMORY: Finding = { outcome: 'memory_limit', code: 'OUT_OF_MEMORY', message: 'The box ran out of memory.' }

const DATABASE_ENDED: Finding = {
  outcome: 'runtime_error',
  code: 'DATABASE_ENDED',
  message: 'The database server ended: something that was asked of it brought it down.',
}

/** What the agent says of it is not told: from the first hidden test on it may be the program that speaks. */
const NOT_STARTED: Finding = {
  outcome: 'start_error',
  code: 'NOT_STARTED',
  message: 'The program could not be started: nothing in its box can be, in the state that it is in.',
}

function programEnded(exit: ProgramExit, lastWords: string, otherwise: 'start_error' | 'runtime_error'): Finding {
  // Node ends itself when its heap is full, well before the kernel would act: by SIGABRT, or where V8 alone decides by a trap.
  const itself = [133, 134].includes(exit.code ?? 0) || ['SIGABRT', 'SIGTRAP', 'SIGILL'].includes(exit.signal ?? '')
  const heapFull = itself && /heap out of memory|Fatal (?:JavaScript|process) out of memory/.test(lastWords)
  if (exit.oomKills > 0 || heapFull) return OUT_OF_MEMORY
  const how = exit.signal ? `by signal ${exit.signal}` : `with exit code ${exit.code}`
  return otherwise === 'start_error'
    ? { outcome: 'start_error', code: 'EXITED_AT_START', message: `The program ended ${how} before it listened on $PORT.` }
    : { outcome: 'runtime_error', code: 'EXITED', message: `The program ended ${how} while it was tested.` }
}
