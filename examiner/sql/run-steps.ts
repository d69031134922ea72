import type { StatementRun } from '../../core/report.ts'
import type { Client } from 'pg'
import { clip } from './shown.ts'
import { RESULT_LIMITS, runAfter, runStatement, type Failure, type Killer } from './run-statement.ts'
import { LEARNER } from './roles.ts'
import { withSession, type Connect } from './server.ts'
import type { Script } from './split.ts'
import { now } from '../now.ts'

/** A statement that failed, or a file that ended inside a transaction of its own. */
export type StepFault = {
  file: string
  number: number
  statement: string
  failure: Failure | { type: 'open_transaction' }
}

type Server = { connect: Connect; killer: Killer; database: string; timeMs: number; signal?: AbortSignal }

/**
 * Runs the files one after the other as the learner, statement by statement. A wrapped file is one transaction; in any
 * other each statement stands for itself, but for the learner's own BEGIN and COMMIT. Ends at the first fault; what was
 * not committed by then is rolled back with the session. `onRun` hears of every statement that was run.
 */
export async function runScripts(
  scripts: readonly Script[],
  server: Server,
  onRun: (run: StatementRun) => void,
): Promise<StepFault | undefined> {
  try {
    return await withSession(server.connect, LEARNER, server.database, async client => {
      for (const script of scripts) {
        const fault = await runScript(client, script, server, onRun)
        if (fault) return fault
      }
      return undefined
    })
  } catch (error) {
    // Only the learner's earlier text can have closed the door: rights given away, settings that no session survives.
    const [first] = scripts
    const failure = { type: 'lost', message: (error as Error).message } as const
    return { file: first?.file ?? '', number: 1, statement: first?.statements[0]?.text ?? '', failure }
  }
}

async function runScript(
  client: Client,
  script: Script,
  server: Server,
  onRun: (run: StatementRun) => void,
): Promise<StepFault | undefined> {
  const limits = { timeMs: server.timeMs, ...RESULT_LIMITS, signal: server.signal }
  const place = (number: number, statement: string) => ({ file: script.file, number, statement })
  for (const [index, { text }] of script.statements.entries()) {
    const before = client.getTransactionStatus()
    const started = now()
    const run = await (script.wrapped && index === 0
      ? runAfter(client, 'BEGIN', text, limits, server.killer)
      : runStatement(client, text, limits, server.killer))
    const inTransaction = (script.wrapped && index === 0) || before !== 'I' || client.getTransactionStatus() === 'T'
    const durationMs = now() - started
    onRun({ file: clip(script.file, 300), number: index + 1, text: clip(text, 2000), durationMs, inTransaction })
    if (run.type !== 'rows') return { ...place(index + 1, text), failure: run }
  }
  if (script.wrapped && script.statements.length > 0) {
    // Constraints that were deferred are asked only now.
    const commit = await runStatement(client, 'COMMIT', limits, server.killer)
    if (commit.type !== 'rows') return { ...place(script.statements.length, 'COMMIT'), failure: commit }
  } else if (client.getTransactionStatus() !== 'I') {
    return { ...place(script.statements.length, script.statements.at(-1)?.text ?? ''), failure: { type: 'open_transaction' } }
  }
  return undefined
}
