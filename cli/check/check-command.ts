import { join } from 'node:path'
import { cliConfig } from '../config.ts'
import { CommandError, EXIT } from '../errors.ts'
import { findExercise, librarySlugs } from '../find-exercise.ts'
import { interruptible } from '../interruptible.ts'
import { openLocalSandbox } from '../local-sandbox.ts'
import { createPool } from '../pool.ts'
import { createProgress } from '../progress.ts'
import { checkLines, findingsOf } from '../render/check.ts'
import { count } from '../render/quantities.ts'
import { openTerminal } from '../terminal.ts'
import { checkExercise, type CheckedExercise } from './check-exercise.ts'

export type CheckOptions = { all?: true; sample?: string; jobs: number; seed?: number; mutants: boolean; write?: true; json?: true }

export async function checkCommand(named: readonly string[], options: CheckOptions): Promise<void> {
  const terminal = openTerminal()
  const folders = await foldersOf(named, options.all ?? false)
  const exercises = await interruptible(async signal => {
    const progress = createProgress()
    const { sandbox } = await openLocalSandbox(progress)
    return progress.step(`Checking ${count(folders.length, 'exercise')}`, async step => {
      const pool = createPool(options.jobs)
      const mutants = options.mutants ? (options.write ? ('written' as const) : ('tried' as const)) : ('no' as const)
      const { sample: only, seed } = options
      const work = { sandbox, pool, signal, only, seed, mutants, onNews: (words: string) => step.log(words) }
      const checked = await Promise.all(folders.map(folder => checkExercise(folder, work)))
      step.says(count(checked.flatMap(findingsOf).length, 'finding'))
      return checked
    })
  })
  if (options.sample !== undefined && exercises.every(exercise => exercise.samples.length === 0 && exercise.findings.length === 0))
    throw new CommandError(EXIT.notFound, `There is no sample "${options.sample}" in ${folders.join(', ')}.`)

  const exitCode = exitCodeFor(exercises)
  if (options.json) terminal.json({ ok: exitCode === EXIT.ok, findings: exercises.flatMap(findingsOf).length, exercises })
  else terminal.print(checkLines(exercises, terminal.style))
  process.exitCode = exitCode
}

async function foldersOf(named: readonly string[], all: boolean): Promise<string[]> {
  const { exercisesFolder } = cliConfig(process.env)
  if (all === named.length > 0) throw new CommandError(EXIT.usage, 'Name the exercises to check, or give --all for the whole library.')
  const slugs = all ? (await librarySlugs(exercisesFolder)).map(slug => join(exercisesFolder, slug)) : named
  if (slugs.length === 0) throw new CommandError(EXIT.notFound, `There are no exercises in ${exercisesFolder}; set ASSAY_EXERCISES.`)
  return Promise.all(slugs.map(name => findExercise(name, exercisesFolder)))
}

/** Where the grader itself failed, what was found is not the whole truth. */
function exitCodeFor(exercises: readonly CheckedExercise[]): number {
  if (exercises.some(exercise => exercise.samples.some(sample => sample.graderFault))) return EXIT.graderFault
  return exercises.some(exercise => findingsOf(exercise).length > 0) ? EXIT.failed : EXIT.ok
}
