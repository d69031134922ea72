import { availableParallelism } from 'node:os'
import { makeImages as makeSandboxImages } from '../../cli/setup/images.ts'
import type { Progress } from '../../cli/progress.ts'
import { connectEngine, DEFAULT_ENGINE, engineFacts, runtimesOf } from '../../worker/sandbox/docker/engine.ts'
import { COUNTING } from '../../worker/pod/wire-boxes.ts'
import { imageRefs } from '../../worker/sandbox/docker/images.ts'
import { alternate } from '../measure/alternate.ts'
import { machineFacts, type Machine } from '../measure/machine.ts'
import { boxLife, type Life, type LifeOptions } from './box-life.ts'
import { choices, type Choice } from './choices.ts'
import { fetchCrun } from './crun.ts'
import { databaseLife, type DatabaseLife } from './database-life.ts'
import { makeImages } from './images.ts'
import { openingBeside } from './openings.ts'
import { OwnEngine } from './own-engine.ts'
import { saturate, type Saturation } from './saturation.ts'

export const PARTS = ['choices', 'saturation', 'openings', 'database'] as const
export type Part = (typeof PARTS)[number]
export type Row = Pick<Choice, 'about' | 'ours' | 'instead'> & { lives: Life[] }
export type BoxFigures = {
  machine: Machine
  notes: string[]
  /** The profile as it is comes first. */
  rows: Row[]
  saturation: Record<string, Saturation[]>
  openings: Record<string, number[]>
  database: DatabaseLife[]
  /** The same with statements counted, as an exercise may ask. */
  counting: DatabaseLife[]
}

type Options = { rounds: number; windowMs: number; parts: readonly Part[] }

const PLAIN: Choice = { about: 'the profile', ours: '', instead: 'as it is' }
const ON_TMPFS: Choice = { about: 'engine’s data', ours: 'on disk', instead: 'on a tmpfs' }
const SATURATION_ROUNDS = 3

/** Measures all of it on engines of its own, which are gone afterwards. */
export async function measureBoxes({ rounds, windowMs, parts }: Options, progress: Progress, signal: AbortSignal): Promise<BoxFigures> {
  await using things = new AsyncDisposableStack()
  const notes: string[] = []
  await progress.step('Images', step => makeSandboxImages({ dockerHost: DEFAULT_ENGINE, log: step.log, only: ['base', 'postgres'] }))
  const host = connectEngine()
  const { architecture } = await engineFacts(host)
  const refs = await imageRefs(architecture)
  const figures: BoxFigures = { machine: await machineFacts(), notes, rows: [], saturation: {}, openings: {}, database: [], counting: [] }

  if (parts.some(part => part !== 'database')) {
    const runtimes = await progress.step('Runtimes', async () => {
      const { runsc } = await runtimesOf(host)
      const crun = await fetchCrun(host, refs.base, things).catch(
        (error: Error) => void notes.push(`crun: ${error.message.split('\n')[0]}`),
      )
      return { ...(runsc?.path && { runsc: { path: runsc.path, runtimeArgs: runsc.runtimeArgs ?? [] } }), ...(crun && { crun }) }
    })
    const own = things.use(await progress.step('An engine of the bench’s own', () => OwnEngine.start({ config: { runtimes } })))
    const volatile = things.use(
      await progress.step('Another, with its data on a tmpfs', () =>
        OwnEngine.start({ config: { runtimes }, prepare: 'mount -t tmpfs tmpfs "$DATA"' }),
      ),
    )
    await own.copyImages([refs.base])
    await volatile.copyImages([refs.base])
    const images = await makeImages(own, refs.base)
    const optionsOf = (choice: Choice): LifeOptions => ({
      own: choice === ON_TMPFS ? volatile : own,
      imageRef: images[choice.image ?? 'plain'],
      architecture,
      change: choice.change,
    })
    const possible = await progress.step('A first life of each', step =>
      tryEach([PLAIN, ...choices(architecture), ON_TMPFS], optionsOf, notes, step.log),
    )

    if (parts.includes('choices')) {
      const designs = Object.fromEntries(possible.map((choice, at) => [at, () => boxLife(optionsOf(choice))]))
      const lives = await progress.step('Lives, one at a time', step =>
        alternate(designs, { rounds, signal, onRound: (round, of) => step.log(`round ${round} of ${of}`) }),
      )
      figures.rows = possible.map(({ about, ours, instead }, at) => ({ about, ours, instead, lives: lives[at]! }))
    }
    if (parts.includes('saturation')) {
      const lines = availableParallelism() * 2
      const main = possible.filter(each => each === PLAIN || each === ON_TMPFS || ['runtime', 'network', 'all of it'].includes(each.about))
      const designs = Object.fromEntries(
        main.map(choice => [
          `${choice.about}: ${choice.instead}`,
          () => saturate(optionsOf(choice), { lines, forMs: windowMs / SATURATION_ROUNDS }),
        ]),
      )
      figures.saturation = await progress.step('Lives, all processors busy', () =>
        alternate(designs, { rounds: SATURATION_ROUNDS, uncounted: 0, signal }),
      )
    }
    if (parts.includes('openings')) {
      const beside = (atOnce: number) => () => openingBeside(optionsOf(PLAIN), atOnce)
      figures.openings = await progress.step('Openings beside removals', () =>
        alternate(
          {
            'nothing else': beside(0),
            'four removals, one after the other': beside(1),
            'four removals, two at once': beside(2),
            'four removals at once': beside(4),
          },
          { rounds, signal },
        ),
      )
    }
  }
  if (parts.includes('database')) {
    const lives = await progress.step('Database boxes', () =>
      alternate(
        {
          database: () => databaseLife(host, refs.postgres, architecture),
          counting: () => databaseLife(host, refs.postgres, architecture, COUNTING),
        },
        { rounds, signal },
      ),
    )
    Object.assign(figures, lives)
  }
  return figures
}

/** What this machine can't do is left out and said. */
async function tryEach(
  all: readonly Choice[],
  optionsOf: (choice: Choice) => LifeOptions,
  notes: string[],
  log: (line: string) => void,
): Promise<Choice[]> {
  const possible: Choice[] = []
  for (const choice of all) {
    const name = `${choice.about}: ${choice.instead}`
    log(name)
    try {
      await boxLife(optionsOf(choice))
      possible.push(choice)
    } catch (error) {
      notes.push(`${name}: ${(error as Error).message.split('\n')[0]}`)
    }
  }
  return possible
}
