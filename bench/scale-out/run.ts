import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { endOf } from '../../cli/errors.ts'
import { createProgress, type Progress } from '../../cli/progress.ts'
import { readSetupConfig } from '../../cli/setup/config.ts'
import { provideEngine } from '../../cli/setup/engine/engine.ts'
import { findProgram } from '../../cli/setup/find-program.ts'
import { makeImages, wordsFor } from '../../cli/setup/images.ts'
import { InvalidInput } from '../../core/errors.ts'
import { ROOT } from '../../worker/sandbox/docker/image-recipes.ts'
import { machineFacts, machineWords } from '../measure/machine.ts'
import { coreGroupUnavailable, openCoreGroup } from './core-group.ts'
import { mixOf } from './hand-in.ts'
import { imageArchive } from './image-archive.ts'
import { loseOne, type Loss } from './losses.ts'
import { PinnedEngine } from './pinned-engine.ts'
import { startService } from './service.ts'
import { measureThroughput } from './throughput.ts'
import { faultsOf, figuresOf, GOAL, inShort, lossWords, throughputWords, type Figures } from './words.ts'

const HELP = `npm run bench:scale -- [options]

Two workers, each with an engine of its own and held with it and its boxes to one core, against one server and one Redis:
what two grade of what one does, and what becomes of the submissions when one of them, or its engine, is killed.

  --rounds <n>        rounds of one worker and two workers by turns, an even number so that each core is the one alone equally often (4)
  --submissions <n>   submissions for each worker and round (40)
  --slots <n>         gradings at a time on each worker (2)
  --only <part>       throughput, losses, or one of them: worker, engine
  --json              everything as one JSON document
  --help

Needs root, dockerd, unshare and two cores. Takes some five minutes and 3 GB under the folder for temporary files.
`
const PARTS = ['throughput', 'losses', 'worker', 'engine']
/** Far above what it takes; a hang ends here. */
const WHOLE_MS = 20 * 60_000
/** Enough that both workers are busy when one of them is taken away. */
const LOSS_SUBMISSIONS = 16

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '4' },
    submissions: { type: 'string', default: '40' },
    slots: { type: 'string', default: '2' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) process.stdout.write(HELP)
else
  try {
    await bench(createProgress())
  } catch (error) {
    const { exitCode, message } = endOf(error)
    process.stderr.write(`${message}\n`)
    process.exitCode = exitCode
  }

async function bench(progress: Progress): Promise<void> {
  const unavailable = whyNot()
  if (unavailable) throw new Error(`bench:scale can't be run here: ${unavailable}`)
  const interrupted = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interrupted.abort(new Error('interrupted')))
  const signal = AbortSignal.any([interrupted.signal, AbortSignal.timeout(WHOLE_MS)])
  if (values.only !== undefined && !PARTS.includes(values.only))
    throw new InvalidInput([
      { file: 'command line', field: '--only', message: `expected one of ${PARTS.join(', ')}, got "${values.only}"` },
    ])
  const [rounds, each, slots] = [bounded('rounds', 20), bounded('submissions', 500), bounded('slots', 16)]

  await using things = new AsyncDisposableStack()
  const host = await progress.step('Engine', step => provideEngine(readSetupConfig(), step.log))
  await progress.step('Images', async step => step.says(wordsFor(await makeImages({ dockerHost: host.host, log: step.log }))))
  const engines = await progress.step('Two engines, one on each of two cores', async step => {
    step.log('copying the images')
    const archive = await imageArchive(host.host)
    const opened: PinnedEngine[] = []
    for (const core of [0, 1]) {
      const engine = things.use(await PinnedEngine.open(openCoreGroup(`assay-scale-${process.pid}-${core}`, core)))
      await engine.load(archive)
      opened.push(engine)
    }
    return opened as [PinnedEngine, PinnedEngine]
  })
  const service = await progress.step('Server and Redis', () => startService(things, signal))
  const mix = await mixOf(join(ROOT, 'exercises'))
  const machine = await machineFacts({ dockerHost: engines[0].dockerHost })

  // Told as they come, so that an interrupted run has not been for nothing.
  const tell = (...words: string[]) => void (values.json || process.stdout.write(`${words.join('\n')}\n\n`))
  tell(machineWords(machine), setUpWords(slots, mix.length))
  let figures: Figures | undefined
  if (wanted('throughput')) {
    figures = await progress.step('Throughput', async step =>
      figuresOf(await measureThroughput({ service, engines, mix, slots, each, rounds, signal, tell: step.log })),
    )
    tell(throughputWords(figures))
  }
  const losses: Loss[] = []
  for (const killed of ['worker', 'engine'] as const)
    if (wanted('losses', killed))
      losses.push(
        await progress.step(`A killed ${killed}`, () =>
          loseOne(killed, { service, engines, mix, slots, submissions: LOSS_SUBMISSIONS, signal }),
        ),
      )
  if (losses.length > 0) tell(lossWords(losses))

  const faults = faultsOf(
    [...(figures ? [{ ...figures.count, verdicts: figures.verdicts, unexpected: figures.unexpected }] : []), ...losses],
    losses,
  )
  tell(
    faults.length > 0
      ? `WRONG:\n${faults.map(fault => `  ${fault}\n`).join('')}`
      : 'Nothing was lost, nothing was graded twice, no box stayed.',
  )
  if (values.json)
    process.stdout.write(
      `${JSON.stringify({ machine, slots, goal: GOAL, throughput: figures && inShort(figures), losses, faults }, null, 2)}\n`,
    )
  if (faults.length > 0) process.exitCode = 1
}

/** Whether this part is to be done: it, or what it belongs to, was named, or nothing was. */
function wanted(...names: string[]): boolean {
  return values.only === undefined || names.includes(values.only)
}

function bounded(name: 'rounds' | 'submissions' | 'slots', most: number): number {
  const given = Number(values[name])
  if (Number.isInteger(given) && given >= 1 && given <= most) return given
  throw new InvalidInput([
    { file: 'command line', field: `--${name}`, message: `expected a number from 1 to ${most}, got "${values[name]}"` },
  ])
}

function whyNot(): string | undefined {
  if (!findProgram('dockerd') || !findProgram('unshare')) return 'a second engine needs dockerd and unshare on this machine'
  if (availableParallelism() < 2) return 'two workers on a core each need two cores'
  return coreGroupUnavailable()
}

function setUpWords(slots: number, exercises: number): string {
  const cores = availableParallelism()
  const others =
    cores === 2
      ? 'Server, Redis and this bench have no core of their own here: they take their time from the workers, and with two workers there is no idle core left for them. On hosts of their own two workers would come nearer to 2×.'
      : `Server, Redis and this bench run on any of the ${cores} cores.`
  return `Each worker with its engine and boxes on one core, ${slots} gradings at a time, accepted samples of ${exercises} exercises by turns. ${others}`
}
