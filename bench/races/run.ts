import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { cliConfig } from '../../cli/config.ts'
import { EXIT } from '../../cli/errors.ts'
import { findExercise, librarySlugs } from '../../cli/find-exercise.ts'
import { openLocalSandbox } from '../../cli/local-sandbox.ts'
import { createPool } from '../../cli/pool.ts'
import { createProgress } from '../../cli/progress.ts'
import { runBench } from '../measure/command.ts'
import { machineFacts } from '../measure/machine.ts'
import { wholeNumber } from '../measure/options.ts'
import { holdRaces, isGoodEnough } from './hold-races.ts'
import { keepRun, readRuns } from './run-log.ts'
import { textOf } from './text.ts'

const HELP = `npm run bench:races -- [options] [exercise…]

Whether races are found and right programs left alone: grades the accepted samples of every exercise that has racy ones
("racy: true" in sample.yaml), and the racy ones, again and again, each time with another seed. Of the accepted no run may fail;
each racy one must be caught in at least 199 of 200; its grading is over with the first test that fails. Ends with 1 when that is missed.

  exercise…           slugs or folders; by default all of the library that have racy samples
  --runs <number>     of each sample (200)
  --jobs <number>     gradings at a time (2)
  --keep <file>       write each run into this file, and count those that it holds of the same files: a bench that was broken off
                      goes on where it was. Take a new one when Assay itself has changed
  --json              everything as one JSON document
  --help

Thirty gradings take some 70 s on two cores: 200 runs of all samples two hours, --runs 5 of one exercise a minute or two.
`

await runBench('bench:races', async signal => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: 'string' },
      jobs: { type: 'string' },
      keep: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(HELP)
    return
  }
  const runs = wholeNumber('runs', values.runs, 200)
  const pool = createPool(wholeNumber('jobs', values.jobs, 2, { most: 32 }))
  const { exercisesFolder } = cliConfig(process.env)
  const named = positionals.length > 0 ? positionals : (await librarySlugs(exercisesFolder)).map(slug => join(exercisesFolder, slug))
  const folders = await Promise.all(named.map(name => findExercise(name, exercisesFolder)))
  const { keep } = values
  const progress = createProgress()
  const { sandbox } = await openLocalSandbox(progress)
  const began = performance.now()
  const samples = await progress.step('Grading', async step =>
    holdRaces(folders, {
      sandbox,
      pool,
      runs,
      signal,
      before: keep === undefined ? [] : await readRuns(keep),
      onRun: async (run, done, of) => {
        step.log(`${done} of ${of}`)
        if (keep !== undefined) await keepRun(keep, run)
      },
    }),
  )
  const races = { machine: await machineFacts(), runs, seconds: (performance.now() - began) / 1000, samples }
  process.stdout.write(values.json ? `${JSON.stringify(races, undefined, 2)}\n` : textOf(races))
  if (!samples.every(isGoodEnough)) process.exitCode = EXIT.failed
})
