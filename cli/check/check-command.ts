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
import { samplesOf, watchFolders } from './watch.ts'

export type CheckOptions = {
  all?: true
  sample?: string
  jobs: number
  seed?: number
  mutants: boolean
  write?: true
  watch?: true
  json?: true
}

export async function checkCommand(named: readonly string[], options: CheckOptions): Promise<void> {
  if (options.watch && (options.write || options.json))
    throw new CommandError(
      EXIT.usage,
      `--watch goes on until it is interrupted; it can't be given with --${options.write ? 'write' : 'json'}.`,
    )
  const terminal = openTerminal()
  const folders = await foldersOf(named, options.all ?? false)
  await interruptible(async signal => {
    const progress = createProgress()
    const { sandbox } = await openLocalSandbox(progress)
    const { seed } = options
    const mutants = options.mutants ? (options.write ? ('written' as const) : ('tried' as const)) : ('no' as const)
    const work = { sandbox, pool: createPool(options.jobs), signal, seed, mutants }

    const check = (chosen: readonly string[], only: (folder: string) => readonly string[] | undefined) =>
      progress.step(`Checking ${count(chosen.length, 'exercise')}`, async step => {
        const onNews = (words: string) => step.log(words)
        const checked = await Promise.all(chosen.map(folder => checkExercise(folder, { ...work, only: only(folder), onNews })))
        step.says(count(checked.flatMap(findingsOf).length, 'finding'))
        return checked
      })
    const tell = (exercises: readonly CheckedExercise[], all = exercises) => {
      process.exitCode = exitCodeFor(all)
      const findings = exercises.flatMap(findingsOf).length
      if (options.json) terminal.json({ ok: process.exitCode === EXIT.ok, findings, exercises })
      else terminal.print(checkLines(exercises, terminal.style))
    }

    const sample = options.sample === undefined ? undefined : [options.sample]
    // Before they are checked: what is written meanwhile is seen.
    const changed = options.watch && watchFolders(folders, signal)
    const checked = await check(folders, () => sample)
    if (sample && checked.every(exercise => exercise.samples.length === 0 && exercise.findings.length === 0))
      throw new CommandError(EXIT.notFound, `There is no sample "${options.sample}" in ${folders.join(', ')}.`)
    tell(checked)
    if (!changed) return
    const next = () => {
      terminal.tell('Waiting for changes; Ctrl-C ends.')
      return changed()
    }
    const known = new Map(checked.map(exercise => [exercise.folder, exercise]))
    for (let changes = await next(); changes; changes = await next()) {
      const only = new Map([...changes].map(([folder, paths]) => [folder, sample ?? changedOnly(known.get(folder)!, paths)]))
      const again = (await check([...only.keys()], folder => only.get(folder))).map(now => {
        const chosen = sample ? undefined : only.get(now.folder)
        return chosen ? together(known.get(now.folder)!, now, chosen) : now
      })
      for (const exercise of again) known.set(exercise.folder, exercise)
      tell(again, [...known.values()])
    }
  })
}

/** Only these samples need to be graded again; undefined where anything else may have changed with them, or may be mended by them. */
function changedOnly({ tests, findings }: CheckedExercise, paths: ReadonlySet<string>): string[] | undefined {
  return tests && findings.length === 0 ? samplesOf(paths) : undefined
}

/** What is known of an exercise when some of its samples were graded again. */
function together(before: CheckedExercise, now: CheckedExercise, chosen: readonly string[]): CheckedExercise {
  if (!now.tests) return now
  const others = before.samples.filter(({ sample }) => !chosen.includes(sample))
  return { ...now, ...(before.mutants && { mutants: before.mutants }), samples: [...others, ...now.samples] }
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
