import { readExercise, type Exercise } from '../../core/read-exercise.ts'
import { readSamples, type Sample } from '../../core/read-samples.ts'
import { viewReport } from '../../core/report-view.ts'
import { gradeLocally } from '../../worker/grade-local.ts'
import { cliConfig } from '../config.ts'
import { CommandError, EXIT } from '../errors.ts'
import { findExercise } from '../find-exercise.ts'
import { interruptible } from '../interruptible.ts'
import { openLocalSandbox } from '../local-sandbox.ts'
import { createProgress } from '../progress.ts'
import { cleanText } from '../render/clean.ts'
import type { Style } from '../render/layout.ts'
import { reportLines } from '../render/report.ts'
import { openTerminal } from '../terminal.ts'

export type PreviewOptions = { sample?: string }

export async function previewCommand(named: string, { sample: wanted }: PreviewOptions): Promise<void> {
  const terminal = openTerminal()
  const folder = await findExercise(named, cliConfig(process.env).exercisesFolder)
  const [exercise, samples] = await Promise.all([readExercise(folder), readSamples(folder)])
  const sample = choose(samples, wanted)
  if (!sample) {
    const there = samples.map(({ path }) => path).join(', ') || 'none'
    throw new CommandError(
      EXIT.notFound,
      `There is no sample ${wanted === undefined ? 'that is not accepted' : `"${wanted}"`} in ${folder}. There are: ${there}.`,
    )
  }
  const report = await interruptible(async signal => {
    const progress = createProgress()
    const { sandbox } = await openLocalSandbox(progress)
    const { runtime } = sample.expects
    return progress.step(`Grading ${sample.path}`, () =>
      gradeLocally({ sandbox, exercise, files: sample.files, signal, ...(runtime && { runtime }) }),
    )
  })
  const { style } = terminal
  terminal.print([
    ...heading('The statement', style),
    cleanText(exercise.statement.trim()),
    ...heading('What a learner begins with', style),
    ...starterFiles(exercise),
    ...heading(`What a learner is told who hands in ${sample.path}`, style),
    ...reportLines(viewReport(report, { role: 'learner' }), style),
  ])
  if (report.outcome === 'grader_error') process.exitCode = EXIT.graderFault
}

function choose(samples: readonly Sample[], wanted: string | undefined): Sample | undefined {
  if (wanted === undefined)
    return samples.find(({ outcome }) => outcome === 'wrong_answer') ?? samples.find(({ outcome }) => outcome !== 'accepted')
  return samples.find(({ path, name }) => path === wanted || name === wanted)
}

function heading(title: string, { colours, width }: Style): string[] {
  return ['', colours.bold(`── ${title} ${'─'.repeat(Math.max(0, Math.min(width, 100) - title.length - 4))}`), '']
}

function starterFiles({ starter }: Exercise): string[] {
  return Object.entries(starter).flatMap(([runtime, files]) => Object.keys(files).map(path => `  ${runtime}: ${path}`))
}
