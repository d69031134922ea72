import { readExercise } from '../../core/read-exercise.ts'
import { viewReport } from '../../core/report-view.ts'
import { runtimesOf, type SubmissionRuntime } from '../../core/runtimes.ts'
import type { Mode, Role } from '../../core/submission.ts'
import { gradeLocally } from '../../worker/grade-local.ts'
import { cliConfig } from '../config.ts'
import { CommandError, EXIT, exitCodeOf } from '../errors.ts'
import { findExercise } from '../find-exercise.ts'
import { interruptible } from '../interruptible.ts'
import { openLocalSandbox } from '../local-sandbox.ts'
import { createProgress } from '../progress.ts'
import { readSubmission } from '../read-submission.ts'
import { eventWords } from '../render/live.ts'
import { OUTCOME_WORDS } from '../render/outcome-words.ts'
import { reportLines } from '../render/report.ts'
import { openTerminal } from '../terminal.ts'

export type GradeOptions = { mode: Mode; runtime?: SubmissionRuntime; seed?: number; as: Role; json?: true }

export async function gradeCommand(named: string, folder: string, options: GradeOptions): Promise<void> {
  const terminal = openTerminal()
  const exercise = await readExercise(await findExercise(named, cliConfig(process.env).exercisesFolder))
  const { runtime, seed, mode } = options
  const offered = runtimesOf(exercise.manifest)
  if (runtime && !offered.includes(runtime))
    throw new CommandError(EXIT.usage, `"${exercise.slug}" is not offered in ${runtime}; it is in ${offered.join(', ')}.`)
  const files = await readSubmission(folder)

  const report = await interruptible(async signal => {
    const progress = createProgress()
    const { sandbox, sandboxRuntime } = await openLocalSandbox(progress)
    return progress.step(`Grading ${exercise.slug}`, async step => {
      const found = await gradeLocally({
        sandbox,
        sandboxRuntime,
        exercise,
        files,
        mode,
        signal,
        ...(runtime && { runtime }),
        ...(seed !== undefined && { seed }),
        onEvent: event => step.log(eventWords(event)),
      })
      step.says(OUTCOME_WORDS[found.outcome].title)
      return found
    })
  })

  const view = viewReport(report, { role: options.as })
  if (options.json) terminal.json(view)
  else terminal.print(reportLines(view, terminal.style))
  process.exitCode = exitCodeOf(report.outcome)
}
