import { alternate } from '../measure/alternate.ts'
import { ends, type Ended } from './ended.ts'
import { allOver, handIn, type Handed } from './hand-in.ts'
import type { PinnedEngine } from './pinned-engine.ts'
import type { Service } from './service.ts'

/** One round: so many submissions handed in at once to one or two workers, from the first taken in to the last verdict. */
export type Round = {
  workers: number
  ended: Ended[]
  perMinute: number
  /** Seconds of processor time for each submission. */
  seconds: { workers: number; server: number; redis: number; bench: number }
  /** How many each worker graded. */
  graded: number[]
  /** Recorded by the server in the meantime. */
  verdicts: number
}

type Options = {
  service: Service
  engines: readonly [PinnedEngine, PinnedEngine]
  mix: readonly Handed[]
  slots: number
  /** Submissions for each worker. */
  each: number
  rounds: number
  signal: AbortSignal
  tell: (line: string) => void
}

/** One worker, two workers, one, two, …; which of the two is the one alone changes from round to round. */
export async function measureThroughput(options: Options): Promise<{ one: Round[]; two: Round[] }> {
  const { engines, rounds, signal, tell } = options
  const round = async (name: string, used: readonly PinnedEngine[], number: number) => {
    const done = await oneRound(options, used)
    tell(`round ${number + 1} of ${rounds}, ${name}: ${Math.round(done.perMinute)} a minute`)
    return done
  }
  return alternate(
    {
      one: number => round('one worker', [engines[number % 2]!], number),
      two: number => round('two workers', engines, number),
    },
    // Each round warms its workers up by itself: they are new.
    { rounds, uncounted: 0, signal },
  )
}

async function oneRound({ service, mix, slots, each, signal }: Options, engines: readonly PinnedEngine[]): Promise<Round> {
  const { api } = service
  const workers = await Promise.all(engines.map(engine => service.startWorker(engine, slots)))
  try {
    // Bundles fetched, tests collected, images in the kernel's memory.
    await handIn(api, mix, mix.length * slots * workers.length, signal)
    await allOver(api, signal)
    const verdicts = await service.verdicts()
    const before = readSeconds(service, engines)
    const ids = await handIn(api, mix, each * workers.length, signal)
    await allOver(api, signal)
    const after = readSeconds(service, engines)
    const ended = await ends(api, ids, signal)
    const minutes = (Math.max(...ended.map(one => one.finishedAt)) - Math.min(...ended.map(one => one.createdAt))) / 60_000
    const used = (part: keyof typeof after) => (after[part] - before[part]) / ended.length
    return {
      workers: workers.length,
      ended,
      perMinute: ended.length / minutes,
      seconds: { workers: used('workers'), server: used('server'), redis: used('redis'), bench: used('bench') },
      verdicts: (await service.verdicts()) - verdicts,
      graded: workers.map(({ id }) => ended.filter(({ gradings }) => gradings.at(-1)?.workerId === id).length),
    }
  } finally {
    await Promise.all(workers.map(worker => worker.stop()))
  }
}

function readSeconds(service: Service, engines: readonly PinnedEngine[]) {
  const { user, system } = process.cpuUsage()
  const workers = engines.reduce((sum, engine) => sum + engine.group.seconds(), 0)
  return { workers, ...service.seconds(), bench: (user + system) / 1e6 }
}
