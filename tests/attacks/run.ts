import { Command, Option } from 'commander'
import pc from 'picocolors'
import { CommandError, endOf, EXIT } from '../../cli/errors.ts'
import { createProgress, type Progress, type Step } from '../../cli/progress.ts'
import { provideGVisor } from '../../cli/setup/gvisor.ts'
import type { SandboxRuntime } from '../../worker/sandbox/sandbox.ts'
import { setUpBoxes } from '../support/set-up.ts'
import { accountOf, benignLine, lineOf, skippedLine, summaryOf, type Line } from './account.ts'
import { readAttacks, readBenign, readSkipped, SECTIONS, type Attack } from './attack.ts'
import { batches, carryOutBatch } from './batch.ts'
import { workHonestly } from './benign.ts'
import { carryOutOnPlatform } from './carry-out-on-platform.ts'
import { carryOut, WORKER_SECRET, type Result } from './carry-out.ts'
import { choose, todaysThird, type Choice } from './choose.ts'
import { openPlatform } from './platform.ts'
import { openRange, type Range } from './range.ts'

/*
 * What `npm run attacks` runs: the corpus, handed in and graded for real. Progress goes to stderr, the account to stdout.
 */
type Options = Choice & { runtime: SandboxRuntime | 'all'; singly?: boolean; benign: boolean; json?: boolean }

const sections = Object.entries(SECTIONS).map(([number, title]) => `${number} ${title}`)
const program = new Command('npm run attacks --')
  .description('Hands the hostile submissions of tests/attacks in, and says of each whether it was contained.')
  .addOption(new Option('--runtime <name>', "runtime of the learners' boxes").choices(['runc', 'runsc', 'all']).default('runc'))
  .option('--only <numbers>', 'attacks by their numbers in the corpus, by commas: 24,62,101', text => text.split(',').map(Number))
  .option('--section <number>', `one section of the corpus: ${sections.join(', ')}`, Number)
  .option('--third [number]', "every third attack: 0, 1 or 2; without a number today's third", Number)
  .option('--singly', 'one at a time, without benign neighbours: quick, for work on one attack')
  .option('--no-benign', 'leave out the honest work that must be accepted')
  .option('--json', 'print what was found as one JSON document')
  .addHelpText(
    'after',
    '\nExit codes: 0 all contained · 1 an attack escaped, or honest work was refused · 2 usage · 5 a fault of the grader',
  )
  .exitOverride()

try {
  program.parse()
  const { third, ...options } = program.opts<Omit<Options, 'third'> & { third?: number | true }>()
  process.exitCode = await run({ ...options, ...(third !== undefined && { third: third === true ? todaysThird() : third }) })
} catch (error) {
  const { exitCode, message } = endOf(error)
  if (message) process.stderr.write(`${message}\n`)
  process.exitCode = exitCode
}

async function run(options: Options): Promise<number> {
  process.env['ASSAY_TOKEN'] = WORKER_SECRET
  const progress = createProgress()
  const dockerHost = await setUpBoxes(progress)
  const chosen = choose(await readAttacks(), options)
  if (chosen.length === 0) throw new CommandError(EXIT.usage, 'no attack has such a number, section or third')

  const lines: Line[] = []
  for (const runtime of options.runtime === 'all' ? (['runc', 'runsc'] as const) : [options.runtime]) {
    const missing = runtime === 'runsc' ? await gvisorMissing(dockerHost, progress) : undefined
    if (missing !== undefined) {
      lines.push(...chosen.map(attack => skippedLine(attack, runtime, `no gVisor here: ${missing}`, 'gVisor')))
      continue
    }
    await using range = await openRange({ dockerHost, runtime })
    await progress.step(`Attacks on ${runtime}`, async step => {
      lines.push(...(await carryAllOut({ chosen, range, dockerHost, singly: options.singly ?? false, step })))
      step.says(`${chosen.length} of the corpus`)
    })
    if (options.benign) {
      await progress.step(`Honest work on ${runtime}`, async step => {
        for (const work of await readBenign()) {
          const line = benignLine(work, runtime, await workHonestly(work, range))
          step.log(`${line.what}: ${line.state}${line.state === 'refused' ? `: ${line.note}` : ''}`)
          lines.push(line)
        }
      })
    }
    if (isWhole(options))
      for (const attack of await readSkipped()) lines.push(skippedLine(attack, runtime, attack.reason, attack.comesWith))
  }

  if (options.json) process.stdout.write(`${JSON.stringify(lines, undefined, 2)}\n`)
  else process.stdout.write(`${[...accountOf(lines, style()), '', summaryOf(lines)].join('\n')}\n`)
  return lines.some(({ state }) => state === 'escaped' || state === 'refused') ? EXIT.failed : EXIT.ok
}

/** Why gVisor is not to be had, if it isn't; it is brought to the engine where that is ours to do. */
async function gvisorMissing(dockerHost: string, progress: Progress): Promise<string | undefined> {
  return progress.step('gVisor', async step => {
    const gvisor = await provideGVisor({ dockerHost, log: step.log })
    step.says(gvisor.available ? gvisor.changed.join(', ') || 'there' : 'not available')
    return gvisor.available ? undefined : gvisor.reason
  })
}

type Tasks = { chosen: readonly Attack[]; range: Range; dockerHost: string; singly: boolean; step: Step }

/** Those that are submissions in batches; then those on the running service, one after the other. */
async function carryAllOut({ chosen, range, dockerHost, singly, step }: Tasks): Promise<Line[]> {
  const lines: Line[] = []
  const note = (results: readonly Result[]) => {
    for (const line of results.map(result => lineOf(result, range.runtime))) {
      lines.push(line)
      step.log(`${lines.length} of ${chosen.length} ${line.what}: ${line.state === 'escaped' ? `ESCAPED: ${line.note}` : line.outcome}`)
    }
  }
  const submissions = chosen.filter(attack => attack.kind !== 'platform')
  const here = submissions.filter(({ kind }) => range.runtime === 'runc' || kind === 'endpoint')
  if (singly) for (const attack of here) note([await carryOut(attack, range)])
  else for (const batch of batches(here)) note(await carryOutBatch(batch, range))

  const platform = chosen.filter(attack => attack.kind === 'platform')
  if (range.runtime === 'runc' && platform.length > 0) {
    step.log('bringing a service up for the attacks on the platform')
    await using service = await openPlatform({ dockerHost })
    for (const attack of platform) note([await carryOutOnPlatform(attack, service)])
  }
  const elsewhere = chosen.filter(({ kind }) => range.runtime === 'runsc' && kind !== 'endpoint')
  return [
    ...lines,
    ...elsewhere.map(attack =>
      skippedLine(attack, range.runtime, 'PostgreSQL, the examiner and the service stay on runc, where it is held', 'carried out on runc'),
    ),
  ]
}

function isWhole({ only, section, third }: Options) {
  return only === undefined && section === undefined && third === undefined
}

function style() {
  const width = process.stdout.columns ?? 160
  return { width, tables: width, colours: pc.createColors(process.stdout.isTTY && pc.isColorSupported) }
}
