import { InvalidInput } from '../../core/errors.ts'
import { readLibrary } from '../../core/read-library.ts'
import { readSamples } from '../../core/read-samples.ts'
import { cliConfig } from '../config.ts'
import { EXIT } from '../errors.ts'
import { interruptible } from '../interruptible.ts'
import { createProgress } from '../progress.ts'
import { demoLines } from '../render/demo.ts'
import { count } from '../render/quantities.ts'
import { openTerminal } from '../terminal.ts'
import { chooseSamples, type ChosenSample } from './choose-samples.ts'
import { runSample } from './run-sample.ts'
import { startScratchService } from './scratch-service.ts'

export type DemoOptions = { all?: true; logs?: true; json?: true }

export async function demoCommand(options: DemoOptions): Promise<void> {
  const terminal = openTerminal()
  const { exercisesFolder } = cliConfig(process.env)
  const chosen = await samplesOf(exercisesFolder, options.all ?? false)
  const rows = await interruptible(async signal => {
    const progress = createProgress()
    // Everything below is ended when this scope is left: what it returns must be awaited within.
    await using things = new AsyncDisposableStack()
    const { api } = await startScratchService({ exercisesFolder, progress, things, signal, logs: options.logs ?? false })
    return await progress.step(`Grading ${count(chosen.length, 'submission')}`, async step => {
      // All at once, as a class hands in: the line and the worker's slots are part of what is shown.
      const graded = await Promise.all(chosen.map(one => runSample(one, { api, signal, live: terminal.live, tell: step.log })))
      step.says(`${graded.filter(row => row.findings.length === 0).length} as labelled`)
      return graded
    })
  })

  const exitCode = rows.some(row => row.outcome === 'grader_error')
    ? EXIT.graderFault
    : rows.some(row => row.findings.length > 0)
      ? EXIT.failed
      : EXIT.ok
  if (options.json) terminal.json({ ok: exitCode === EXIT.ok, items: rows })
  else terminal.print(demoLines(rows, terminal.style))
  process.exitCode = exitCode
}

async function samplesOf(exercisesFolder: string, all: boolean): Promise<ChosenSample[]> {
  const { exercises, faults } = await readLibrary(exercisesFolder)
  if (faults.length > 0) throw new InvalidInput(faults.flatMap(fault => fault.findings))
  if (exercises.length === 0) throw new InvalidInput([{ file: exercisesFolder, message: 'expected exercises to demonstrate, found none' }])
  const chosen = await Promise.all(
    exercises.map(async exercise => chooseSamples(await readSamples(exercise.folder), all).map(sample => ({ exercise, sample }))),
  )
  return chosen.flat()
}
