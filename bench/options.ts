import { parseArgs } from 'node:util'
import { CASE_NAMES, type CaseName } from './cases.ts'
import { DESIGNS, type DesignName } from './design.ts'
import { wholeNumber, words } from './measure/options.ts'

export type BenchOptions = {
  cases: CaseName[]
  /** What a pod that waits holds, and how long it takes to make. */
  pods: boolean
  designs: DesignName[]
  rounds: number
  windowMs: number
  /** How many submissions are in flight at saturation, tried one after the other. */
  inFlight: number[]
  json: boolean
  /** Whether bench/results.json and .svg are written: by a whole run, or where asked for. */
  write: boolean
}

export const HELP = `Usage: npm run bench -- [options]

Grades the same submissions by four designs in turn, and prints latency, throughput, processor time and memory of each:
bare processes (floor), a naive container grader, Assay through its worker, and Assay through its whole API.
A whole run takes ten to fifteen minutes and writes bench/results.json and bench/results.svg.

  --only <names>      of ${CASE_NAMES.join(', ')}, pods
  --designs <names>   of ${DESIGNS.join(', ')}
  --rounds <number>   submissions of each design, one at a time (12)
  --window <seconds>  how long each design is kept saturated (5)
  --in-flight <list>  submissions in flight at saturation (one and two per core)
  --quick             5 rounds, windows of 3 seconds, endpoint and query only, in about two minutes
  --write             write the results though it is not a whole run
  --json              print the results as JSON
  --help
`

const OPTIONS = {
  only: { type: 'string' },
  designs: { type: 'string' },
  rounds: { type: 'string' },
  window: { type: 'string' },
  'in-flight': { type: 'string' },
  quick: { type: 'boolean' },
  write: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const

/** Undefined when only help was asked for; throws InvalidInput naming the option. */
export function readOptions(args: readonly string[], cores: number): BenchOptions | undefined {
  const { values } = parseArgs({ args: [...args], options: OPTIONS })
  if (values.help) return undefined
  const quick = values.quick ?? false
  const all = quick ? (['endpoint', 'query'] as const) : [...CASE_NAMES, 'pods' as const]
  const only = values.only === undefined ? all : words('only', values.only, [...CASE_NAMES, 'pods'])
  return {
    cases: CASE_NAMES.filter(name => (only as readonly string[]).includes(name)),
    pods: (only as readonly string[]).includes('pods'),
    designs: values.designs === undefined ? [...DESIGNS] : words('designs', values.designs, DESIGNS),
    rounds: wholeNumber('rounds', values.rounds, quick ? 5 : 12),
    windowMs: wholeNumber('window', values.window, quick ? 3 : 5) * 1000,
    inFlight: values['in-flight']?.split(',').map(each => wholeNumber('in-flight', each, cores)) ?? (quick ? [cores] : [cores, cores * 2]),
    json: values.json ?? false,
    write: values.write ?? (!quick && values.only === undefined && values.designs === undefined),
  }
}
