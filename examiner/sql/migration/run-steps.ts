import type { HeldLock } from '../../../core/locks.ts'
import type { StatementRun } from '../../../core/report.ts'
import type { Client } from 'pg'
import { LockObserver } from './lock-observer.ts'
import { LEARNER } from '../roles.ts'
import { processIdOf, RESULT_LIMITS, runAfter, runStatement, type Failure, type Killer } from '../run-statement.ts'
import { clip } from '../shown.ts'
import { withSession, type Connect } from '../server.ts'
import type { Script } from '../split.ts'
import { now } from '../../now.ts'

/** A statement that failed, or a file that ended inside a transaction of its own. */
export type StepFault = {
  file: string
  number: number
  statement: string
  failure: Failure | { type: 'open_transaction' }
}

type Server = { connect: Connect; killer: Killer; database: string; timeMs: number; signal?: AbortSignal; tell: (name: string) => string }

/** Who hears of a run as it goes on; each is waited for. */
export type RunWatch = {
  onRun: (run: StatementRun) => void
  onLocks: (locks: readonly HeldLock[]) => void
  /** A statement is about to run. */
  begins?: (place: StatementPlace) => Promise<unknown> | void
  /** It was executed; its transaction is still open, unless the statement commits by itself. Not called after an error. */
  executed?: (place: StatementPlace) => Promise<unknown>
  /** No transaction is open: after a file, which has `ended` then, or after a statement in it that stands for itself. */
  idle?: (place: StatementPlace, ended: boolean) => Promise<unknown>
}

export type StatementPlace = { file: string; number: number; statement: string; pid: number }

/**
 * Runs the files one after the other as the learner, statement by statement. A wrapped file is one transaction; in any
 * other each statement stands for itself, but for the learner's own BEGIN and COMMIT. Ends at the first fault; what was
 * not committed by then is rolled back with the session. `watch` hears of every statement that was run, and of its locks.
 */
export async function runScripts(scripts: readonly Script[], server: Server, watch: RunWatch): Promise<StepFault | undefined> {
  try {
    return await withSession(server.connect, LEARNER, server.database, async client => {
      await using observer = await LockObserver.open(server.connect, server.database, processIdOf(client), server.tell)
      try {
        for (const script of scripts) {
          const fault = await runScript({ client, observer, server, watch }, script)
          if (fault) return fault
        }
        return undefined
      } finally {
        observer.ended(true)
        watch.onLocks(observer.locks)
      }
    })
  } catch (error) {
    // Only the learner's earlier text can have closed the door: rights given away, settings that no session survives.
    const [first] = scripts
    const failure = { type: 'lost', message: (error as Error).message } as const
    return { file: first?.file ?? '', number: 1, statement: first?.statements[0]?.text ?? '', failure }
  }
}

type Run = { client: Client; observer: LockObserver; server: Server; watch: RunWatch }

async function runScript({ client, observer, server, watch }: Run, script: Script): Promise<StepFault | undefined> {
  const { killer, timeMs, signal } = server
  const limits = { timeMs, ...RESULT_LIMITS, signal }
  const placeOf = (number: number, statement: string) => ({ file: script.file, number, statement, pid: processIdOf(client) })
  for (const [index, { text, kind }] of script.statements.entries()) {
    const place = placeOf(index + 1, text)
    const before = client.getTransactionStatus()
    const first = script.wrapped && index === 0
    const commitsItself = !script.wrapped && before === 'I' && COMMIT_INSIDE.has(kind)
    await observer.begins({ ...place, commitsItself, control: kind === 'TransactionStmt' }, before === 'I')
    await watch.begins?.(place)
    const started = now()
    let executedAt: number | undefined
    const held = async () => {
      executedAt = now()
      await observer.executed()
      await watch.executed?.(place)
    }
    const running = first
      ? runAfter(client, 'BEGIN', text, { ...limits, held }, killer)
      : runStatement(client, text, { ...limits, held }, killer)
    const run = await observer.during(running)
    const durationMs = (executedAt ?? now()) - started
    const inTransaction = first || before !== 'I' || client.getTransactionStatus() === 'T'
    watch.onRun({ file: clip(script.file, 300), number: index + 1, text: clip(text, 2000), durationMs, inTransaction })
    if (run.type !== 'rows') return { ...place, failure: run }
    const idle = client.getTransactionStatus() === 'I'
    observer.ended(idle)
    if (idle) await watch.idle?.(place, index === script.statements.length - 1)
  }
  if (script.wrapped && script.statements.length > 0) {
    // Constraints that were deferred are asked only now.
    const commit = await observer.during(runStatement(client, 'COMMIT', limits, killer))
    if (commit.type !== 'rows') return { ...placeOf(script.statements.length, 'COMMIT'), failure: commit }
    observer.ended(true)
    await watch.idle?.(placeOf(script.statements.length, script.statements.at(-1)!.text), true)
  } else if (client.getTransactionStatus() !== 'I') {
    return { ...placeOf(script.statements.length, script.statements.at(-1)?.text ?? ''), failure: { type: 'open_transaction' } }
  }
  return undefined
}

/** Statements that may commit on their way where no transaction is open. */
const COMMIT_INSIDE = new Set(['DoStmt', 'CallStmt'])
