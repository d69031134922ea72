import { parseArgs } from 'node:util'
import { CommandError, EXIT } from '../../cli/errors.ts'
import { createProgress } from '../../cli/progress.ts'
import { runBench } from '../measure/command.ts'
import { wholeNumber, words as wordsOf } from '../measure/options.ts'
import { measureGrowth, PARTS } from './growth.ts'
import { words } from './words.ts'

const HELP = `npm run bench:growth -- [options]

The real server on a store of a million submissions: every list and read endpoint, the start, a backup and pruning.

  --submissions <n>   rows of the store (1000000)
  --unfinished <n>    of them, how many wait (5000)
  --whole <share>     of the newest submissions, how many have their files, events and full reports (0.1);
                      the older ones are pruned, and their reports are short, to keep the file at some 3 GB
  --rounds <n>        how often each endpoint is asked (60)
  --only <part>       ${PARTS.join(', ')}
  --json              everything as one JSON document
  --help

Takes some four minutes, and 7 GB under the folder for temporary files.
`
/** Far above what it takes; a hang ends here. */
const WHOLE_MS = 20 * 60_000

await runBench('bench:growth', async interrupted => {
  const { values } = parseArgs({
    options: {
      submissions: { type: 'string' },
      unfinished: { type: 'string' },
      whole: { type: 'string', default: '0.1' },
      rounds: { type: 'string' },
      only: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(HELP)
    return
  }
  const submissions = wholeNumber('submissions', values.submissions, 1_000_000, { most: 10_000_000 })
  const unfinished = wholeNumber('unfinished', values.unfinished, 5000, { most: 1_000_000 })
  const rounds = wholeNumber('rounds', values.rounds, 60)
  const whole = Number(values.whole)
  if (!(unfinished < submissions * whole))
    throw new CommandError(
      EXIT.usage,
      'expected fewer unfinished submissions than are whole (submissions × whole): the bench reads finished ones of both sorts',
    )
  const parts = values.only === undefined ? PARTS : wordsOf('only', values.only, PARTS)
  const signal = AbortSignal.any([interrupted, AbortSignal.timeout(WHOLE_MS)])
  const figures = await measureGrowth({ submissions, unfinished, whole, rounds, parts }, createProgress(), signal)
  process.stdout.write(values.json ? `${JSON.stringify(figures, null, 2)}\n` : words(figures))
})
