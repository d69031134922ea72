import { parseArgs } from 'node:util'
import { EXERCISES, folder, wholeNumber } from '../measure/options.ts'

export type Options = {
  submissions: number
  owners: number
  seed: number
  /** No longer than this for each of the two rushes. */
  minutes: number
  windowMs: number
  flood: number
  regrades: number
  /** The folder of the exercises whose samples are handed in. */
  library: string
  json: boolean
}

export const HELP = `npm run bench:load -- [options]

A rush before a deadline at a real service (server, worker, Redis and engine; everything of its own in a temporary folder):
submissions of every kind, right and wrong, of owners in three groups of unequal size. Twice with the same seed: once
plain, and once with one owner who floods. Prints what was lost or graded twice, how fair it was, what learners were told
and what came, how fast the API answered and whether memory stayed flat.

  --submissions <n>  of the plain rush (default 1000)
  --owners <n>       in three groups, 75, 20 and 5 of a hundred (default 200)
  --flood <n>        submissions on top, by one owner at once (default three for every ten of the rush)
  --regrades <n>     gradings of the regrade lane that wait from the beginning (default 40)
  --seed <n>         the same seed, the same rush (default 1)
  --window <s>       seconds in which the rush is handed in (default: one for every 20 submissions)
  --minutes <n>      no longer than this for each rush (default 30)
  --library <folder> whose samples are handed in (default bench/exercises, of ten tests each; those of exercises/ take
                     some four times as long)
  --quick            120 submissions of 24 owners, 10 regrades, 5 minutes
  --json             all figures as JSON on stdout
  --help`

/** From the command line; undefined when only help was asked for. Throws on what it doesn't know. */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      submissions: { type: 'string' },
      owners: { type: 'string' },
      flood: { type: 'string' },
      regrades: { type: 'string' },
      seed: { type: 'string' },
      window: { type: 'string' },
      library: { type: 'string' },
      minutes: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  const submissions = wholeNumber('submissions', values.submissions, values.quick ? 120 : 1000, { most: 20_000 })
  return {
    submissions,
    owners: wholeNumber('owners', values.owners, values.quick ? 24 : 200, { least: 6, most: 5_000 }),
    flood: wholeNumber('flood', values.flood, Math.ceil(submissions * 0.3), { most: 10_000 }),
    regrades: wholeNumber('regrades', values.regrades, values.quick ? 10 : 40, { least: 0, most: 1_000 }),
    seed: wholeNumber('seed', values.seed, 1, { least: 0, most: 2 ** 31 }),
    windowMs: 1000 * wholeNumber('window', values.window, Math.ceil(submissions / 20), { most: 3600 }),
    minutes: wholeNumber('minutes', values.minutes, values.quick ? 5 : 30, { most: 240 }),
    library: folder('library', values.library, EXERCISES),
    json: values.json,
  }
}
