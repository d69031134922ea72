import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Progress, Step } from '../../cli/progress.ts'
import { startRedis } from '../../cli/setup/redis/redis.ts'
import { openSqliteStore } from '../../server/store/sqlite.ts'
import { ROOT } from '../../worker/sandbox/docker/image-recipes.ts'
import { machineFacts, machineWords } from '../measure/machine.ts'
import { peakMemoryOfProcess } from '../measure/process-memory.ts'
import { askAll } from './ask-all.ts'
import type { Ask, Who } from './ask.ts'
import { createChance, type Chance } from './chance.ts'
import { endpoints } from './endpoints.ts'
import { generate } from './generate.ts'
import { groupOf, GROUPS, ownerName, SCRIPT, type Shape } from './history.ts'
import { readKnown, type Known } from './known.ts'
import { layLibrary } from './library.ts'
import { askMeanwhile } from './meanwhile.ts'
import { startServer, type ServerOptions } from './server-process.ts'
import { leaveUnfinished, startUp, type StartUp } from './start-ups.ts'
import type { Figures } from './words.ts'

export const PARTS = ['endpoints', 'starts', 'backup', 'prune'] as const
export type Part = (typeof PARTS)[number]
export type Options = { submissions: number; unfinished: number; whole: number; rounds: number; parts: readonly Part[] }

const EXERCISES = 60
const VERSIONS = 10
/** Each has an allowance of its own, which the bench must not reach. */
const TOKENS = 20
const STARTS = 3
const NEVER_DAYS = 36_500

type Grown = { folder: string; small: string; shape: Shape; server: ServerOptions; who: Who; known: Known; chance: Chance; rounds: number }

/** Makes the store in a folder of its own, asks the server on it, and leaves nothing behind. */
export async function measureGrowth(options: Options, progress: Progress, signal: AbortSignal): Promise<Figures> {
  await using things = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'assay-growth-'))
  things.defer(() => rm(folder, { recursive: true, force: true }))
  const { rounds, parts, ...sizes } = options
  const shape: Shape = { ...sizes, exercises: EXERCISES, versions: VERSIONS, seed: 1, now: new Date() }
  const [store, small, exercises, data] = ['grown.sqlite', 'small.sqlite', 'exercises', 'data'].map(name => join(folder, name)) as [
    string,
    string,
    string,
    string,
  ]
  await mkdir(data)
  const bundles = await layLibrary(exercises, EXERCISES)
  const filled = await progress.step(`A store of ${shape.submissions.toLocaleString('en-US')} submissions`, async step => {
    await generate(small, bundles, { ...shape, submissions: 1000, unfinished: 10 }, () => {})
    const counts = await generate(store, bundles, shape, step.log)
    return { ...counts, bytes: (await stat(store)).size }
  })
  const who = await addTokens(store)
  const redis = things.use(await startRedis({ dataDir: folder, log: () => {} }))
  const server = { store, data, exercises, redisUrl: redis.url, retentionDays: NEVER_DAYS, signal }
  const chance = createChance(2)
  const grown: Grown = { folder, small, shape, server, who, known: readKnown(store, chance), chance, rounds }

  const figures: Figures = { machine: machineWords(await machineFacts()), shape, filled }
  const measures: Record<Part, [string, (grown: Grown, step: Step) => Promise<Partial<Figures>>]> = {
    starts: ['Starts', measureStarts],
    endpoints: ['Endpoints', measureEndpoints],
    backup: ['A backup beside the server', measureBackup],
    prune: ['Pruning while it is asked', measurePruning],
  }
  for (const part of PARTS) {
    const [title, measure] = measures[part]
    if (parts.includes(part)) Object.assign(figures, await progress.step(title, step => measure(grown, step)))
  }
  return figures
}

async function measureEndpoints({ server: options, known, who, chance, rounds }: Grown, step: Step): Promise<Partial<Figures>> {
  await using server = await startServer(options)
  const onRound = (round: number) => step.log(`round ${round} of ${rounds}`)
  const before = server.seconds()
  const answered = await askAll(server.url, endpoints(known, who, chance), { rounds, signal: options.signal, onRound })
  const requests = answered.reduce((sum, { ms }) => sum + ms.n, 0)
  return {
    endpoints: answered,
    processorMs: ((server.seconds() - before) * 1000) / requests,
    peakBytes: peakMemoryOfProcess(server.pid),
  }
}

/** The same server on few and on many rows, and on many with few and with many that aren't over, by turns. */
async function measureStarts({ server, small, shape }: Grown, step: Step): Promise<Partial<Figures>> {
  const few = 10
  const cases = [
    { submissions: 1000, unfinished: few, store: small },
    { submissions: shape.submissions, unfinished: few, store: server.store },
    { submissions: shape.submissions, unfinished: shape.unfinished, store: server.store },
  ]
  const taken = cases.map((): StartUp[] => [])
  for (let round = 0; round < STARTS; round++)
    for (const [index, { submissions, unfinished, store }] of cases.entries()) {
      using _aside = leaveUnfinished(store, unfinished)
      const start = await startUp({ ...server, store, data: join(server.data, randomUUID()) })
      taken[index]!.push(start)
      step.log(`${unfinished} unfinished of ${submissions}: ready after ${Math.round(start.readyMs)} ms`)
    }
  return { starts: cases.map(({ submissions, unfinished }, index) => ({ submissions, unfinished, starts: taken[index]! })) }
}

async function measureBackup(grown: Grown): Promise<Partial<Figures>> {
  const { folder, server: options } = grown
  await using server = await startServer(options)
  const to = join(folder, 'copy.sqlite')
  const env = { PATH: process.env['PATH'] ?? '', ASSAY_STORE_URL: `sqlite:${options.store}`, ASSAY_DATA: options.data }
  const backup = promisify(execFile)(process.execPath, [join(ROOT, 'cli/main.ts'), 'backup', to], { env, signal: options.signal })
  const figures = { backup: await askMeanwhile(server.url, alongside(grown), backup) }
  await rm(to)
  return figures
}

async function measurePruning(grown: Grown): Promise<Partial<Figures>> {
  await using server = await startServer({ ...grown.server, retentionDays: 1 })
  const over = server.said('old submissions pruned')
  const pruning = await askMeanwhile(server.url, alongside(grown), over)
  return { pruning, pruned: Number((await over)['submissions']) }
}

function alongside({ who, chance, known }: Grown): Record<string, () => Ask> {
  const one = <Item>(items: readonly Item[]): Item => items[chance.below(items.length)]!
  return {
    'GET /livez, which needs no store': () => ({ path: '/livez' }),
    'GET /submissions by group': () => ({
      path: `/api/v1/submissions?limit=100&group=${groupOf(chance.below(GROUPS))}`,
      as: one(who.staff),
    }),
    'GET /submissions/{id}': () => ({ path: `/api/v1/submissions/${one(known.pruned)}`, as: one(who.staff) }),
  }
}

async function addTokens(path: string): Promise<Who> {
  const store = await openSqliteStore({ path })
  const add = async (owner: string, role: 'learner' | 'admin') => (await store.addToken({ owner, group: 'staff', role })).token
  const staff: string[] = []
  for (let index = 0; index < TOKENS; index++) staff.push(await add(`staff-${index}`, 'admin'))
  const learner = await add(ownerName(SCRIPT), 'learner')
  await store.close()
  return { learner, staff }
}
