import { createApi } from '../client/api.ts'
import { readSubmissionState, type ShownSubmission } from '../client/submissions.ts'
import { cliConfig } from '../config.ts'
import { eventWords } from '../render/live.ts'
import { openTerminal, type Terminal } from '../terminal.ts'
import { placeWords } from './place-words.ts'

export async function statusCommand(id: string, options: { json?: true }): Promise<void> {
  const submission = await readSubmissionState(createApi(cliConfig(process.env)), id)
  show(openTerminal(), submission, options.json ?? false)
}

/** Cancels or requeues a submission, and says how it stands afterwards. */
export async function changeCommand(id: string, change: 'cancel' | 'requeue', options: { json?: true }): Promise<void> {
  const api = createApi(cliConfig(process.env))
  await api.send('POST', `/submissions/${encodeURIComponent(id)}/${change}`)
  show(openTerminal(), await readSubmissionState(api, id), options.json ?? false)
}

function show(terminal: Terminal, submission: ShownSubmission, json: boolean): void {
  if (json) terminal.json(submission)
  else terminal.print(`${submission.id}: ${stateWords(submission)}`)
}

function stateWords(submission: ShownSubmission): string {
  const { state, outcome, score } = submission
  if (state === 'queued') return placeWords(submission)
  if (outcome) return `${state}: ${eventWords({ type: 'finished', outcome, score: score ?? null })}`
  return state === 'running' ? 'being graded' : state
}
