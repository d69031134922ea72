import { parseArgs } from 'node:util'

export type Options = {
  submissions: number
  owners: number
  seed: number
  /** No longer than this for each of the two rushes. */
  minutes: number
  windowMs: number
  flood: number
  regrades: number
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
  --minutes <n>      no longer than this for each rush (default 15)
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
      minutes: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  const submissions = count('submissions', values.submissions, values.quick ? 120 : 1000, 1, 20_000)
  return {
    submissions,
    owners: count('owners', values.owners, values.quick ? 24 : 200, 6, 5_000),
    flood: count('flood', values.flood, Math.ceil(submissions * 0.3), 1, 10_000),
    regrades: count('regrades', values.regrades, values.quick ? 10 : 40, 0, 1_000),
    seed: count('seed', values.seed, 1, 0, 2 ** 31),
    windowMs: 1000 * count('window', values.window, Math.ceil(submissions / 20), 1, 3600),
    minutes: count('minutes', values.minutes, values.quick ? 5 : 15, 1, 240),
    json: values.json,
  }
}

function count(name: string, given: string | undefined, otherwise: number, least: number, most: number): number {
  const value = given === undefined ? otherwise : Number(given)
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new Error(`--${name}: expected a whole number from ${least} to ${most}, got "${given}"`)
}
