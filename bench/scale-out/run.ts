import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { createProgress, type Progress } from '../../cli/progress.ts'
import { readSetupConfig } from '../../cli/setup/config.ts'
import { provideEngine } from '../../cli/setup/engine/engine.ts'
import { findProgram } from '../../cli/setup/find-program.ts'
import { makeImages, wordsFor } from '../../cli/setup/images.ts'
import { runBench } from '../measure/command.ts'
import { machineFacts, machineWords } from '../measure/machine.ts'
import { EXERCISES, folder, wholeNumber, words } from '../measure/options.ts'
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
  --library <folder>  whose accepted samples are handed in (bench/exercises)
  --slots <n>         gradings at a time on each worker (2)
  --only <part>       throughput, losses, or one of them: worker, engine
  --json              everything as one JSON document
  --help

Needs root, dockerd, unshare and two cores. Takes some twelve minutes and 3 GB under the folder for temporary files.
`
const PARTS = ['throughput', 'losses', 'worker', 'engine'] as const
type Part = (typeof PARTS)[number]
/** Far above what it takes; a hang ends here. */
const WHOLE_MS = 20 * 60_000
/** Enough that both workers are busy when one of them is taken away. */
const LOSS_SUBMISSIONS = 16

type Options = { rounds: number; each: number; slots: number; library: string; parts: readonly Part[]; json: boolean }

await runBench('bench:scale', async interrupted => {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string' },
      submissions: { type: 'string' },
      slots: { type: 'string' },
      library: { type: 'string' },
      only: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(HELP)
    return
  }
  const options: Options = {
    rounds: wholeNumber('rounds', values.rounds, 4, { most: 20 }),
    each: wholeNumber('submissions', values.submissions, 40, { most: 500 }),
    slots: wholeNumber('slots', values.slots, 2, { most: 16 }),
    library: folder('library', values.library, EXERCISES),
    parts: values.only === undefined ? PARTS : words('only', values.only, PARTS),
    json: values.json,
  }
  await bench(options, createProgress(), AbortSignal.any([interrupted, AbortSignal.timeout(WHOLE_MS)]))
})

async function bench({ rounds, each, slots, library, parts, json }: Options, progress: Progress, signal: AbortSignal): Promise<void> {
  const unavailable = whyNot()
  if (unavailable) throw new Error(`bench:scale can't be run here: ${unavailable}`)

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
  const service = await progress.step('Server and Redis', () => startService(library, { things, signal }))
  const mix = await mixOf(library)
  const machine = await machineFacts({ dockerHost: engines[0].dockerHost })

  // Told as they come, so that an interrupted run has not been for nothing.
  const tell = (...words: string[]) => void (json || process.stdout.write(`${words.join('\n')}\n\n`))
  tell(machineWords(machine), setUpWords(slots, mix.length))
  let figures: Figures | undefined
  if (parts.includes('throughput')) {
    figures = await progress.step('Throughput', async step =>
      figuresOf(await measureThroughput({ service, engines, mix, slots, each, rounds, signal, tell: step.log })),
    )
    tell(throughputWords(figures))
  }
  const losses: Loss[] = []
  for (const killed of ['worker', 'engine'] as const)
    if (parts.includes('losses') || parts.includes(killed))
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
  if (json)
    process.stdout.write(
      `${JSON.stringify({ machine, slots, goal: GOAL, throughput: figures && inShort(figures), losses, faults }, null, 2)}\n`,
    )
  if (faults.length > 0) process.exitCode = 1
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
