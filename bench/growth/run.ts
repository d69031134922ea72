import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { endOf } from '../../cli/errors.ts'
import { createProgress, type Progress } from '../../cli/progress.ts'
import { startRedis } from '../../cli/setup/redis/redis.ts'
import { openSqliteStore } from '../../server/store/sqlite.ts'
import { ROOT } from '../../worker/sandbox/docker/image-recipes.ts'
import { machineFacts, machineWords } from '../measure/machine.ts'
import { peakMemoryOfProcess } from '../measure/process-memory.ts'
import { askAll } from './ask-all.ts'
import type { Ask } from './ask.ts'
import { createChance } from './chance.ts'
import { endpoints } from './endpoints.ts'
import { generate } from './generate.ts'
import { groupOf, ownerName, type Shape } from './history.ts'
import { readKnown } from './known.ts'
import { layLibrary } from './library.ts'
import { askMeanwhile } from './meanwhile.ts'
import { startServer, type ServerOptions } from './server-process.ts'
import { leaveUnfinished, startUp, type StartUp } from './start-ups.ts'
import { words, type Figures } from './words.ts'

const HELP = `npm run bench:growth -- [options]

The real server on a store of a million submissions: every list and read endpoint, the start, pruning and a backup.

  --submissions <n>   rows of the store (1000000)
  --unfinished <n>    of them, how many wait (5000)
  --rounds <n>        how often each endpoint is asked (60)
  --whole <share>     of the newest submissions, how many have their files, events and full reports (0.1);
                      the older ones are pruned, and their reports are short, to keep the file at some 3 GB
  --only <part>       endpoints, starts, prune or backup
  --json              everything as one JSON document
  --help

Takes some six minutes, and 7 GB under the folder for temporary files.
`
const WHOLE_MS = 20 * 60_000
const EXERCISES = 60
const VERSIONS = 10
const TOKENS = 20
const NEVER_DAYS = 36_500

const { values } = parseArgs({
  options: {
    submissions: { type: 'string', default: '1000000' },
    unfinished: { type: 'string', default: '5000' },
    rounds: { type: 'string', default: '60' },
    whole: { type: 'string', default: '0.1' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) process.stdout.write(HELP)
else
  try {
    const figures = await bench(createProgress())
    process.stdout.write(values.json ? `${JSON.stringify(figures, null, 2)}\n` : words(figures))
  } catch (error) {
    const { exitCode, message } = endOf(error)
    process.stderr.write(`${message}\n`)
    process.exitCode = exitCode
  }

async function bench(progress: Progress): Promise<Figures> {
  const interrupted = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interrupted.abort(new Error('interrupted')))
  const signal = AbortSignal.any([interrupted.signal, AbortSignal.timeout(WHOLE_MS)])
  await using things = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'assay-growth-'))
  things.defer(() => rm(folder, { recursive: true, force: true }))

  const shape: Shape = {
    submissions: Number(values.submissions),
    unfinished: Number(values.unfinished),
    whole: Number(values.whole),
    exercises: EXERCISES,
    versions: VERSIONS,
    seed: 1,
    now: new Date(),
  }
  const [store, small, exercises] = [join(folder, 'grown.sqlite'), join(folder, 'small.sqlite'), join(folder, 'exercises')]
  const bundles = await layLibrary(exercises, EXERCISES)
  const filled = await progress.step(`A store of ${shape.submissions.toLocaleString('en-US')} submissions`, async step => {
    await generate(small, bundles, { ...shape, submissions: 1000, unfinished: 10 }, () => {})
    const counts = await generate(store, bundles, shape, step.log)
    return { ...counts, bytes: (await stat(store)).size }
  })
  const who = await addTokens(store)
  const redis = things.use(await startRedis({ dataDir: folder, log: () => {} }))
  const data = join(folder, 'data')
  await mkdir(data)
  const options: ServerOptions = { store, data, exercises, redisUrl: redis.url, retentionDays: NEVER_DAYS, signal }
  const chance = createChance(2)
  const known = readKnown(store, chance)
  const wanted = (part: string) => values.only === undefined || values.only === part
  const figures: Figures = { machine: machineWords(await machineFacts()), shape, filled, starts: [] }

  if (wanted('starts'))
    await progress.step('Starts', async step => {
      const cases = [
        { submissions: 1000, unfinished: 10, of: { ...options, store: small } },
        { submissions: shape.submissions, unfinished: 10, of: options },
        { submissions: shape.submissions, unfinished: shape.unfinished, of: options },
      ]
      const taken = cases.map((): StartUp[] => [])
      for (let round = 0; round < 3; round++)
        for (const [index, { unfinished, of }] of cases.entries()) {
          using _rest = unfinished < shape.unfinished && of === options ? leaveUnfinished(store, unfinished) : undefined
          taken[index]!.push(await startUp({ ...of, data: join(data, randomUUID()) }))
          step.log(`${unfinished} unfinished of ${cases[index]!.submissions}: ready after ${Math.round(taken[index]!.at(-1)!.readyMs)} ms`)
        }
      figures.starts = cases.map(({ submissions, unfinished }, index) => ({ submissions, unfinished, starts: taken[index]! }))
    })

  if (wanted('endpoints'))
    await progress.step('Endpoints', async step => {
      await using server = await startServer(options)
      const rounds = Number(values.rounds)
      const all = endpoints(known, who, chance)
      figures.endpoints = await askAll(server.url, all, { rounds, signal, onRound: round => step.log(`round ${round} of ${rounds}`) })
      figures.peakBytes = peakMemoryOfProcess(server.pid)
    })

  const alongside = (): Record<string, () => Ask> => ({
    'GET /livez, which needs no store': () => ({ path: '/livez' }),
    'GET /submissions by group': () => ({
      path: `/api/v1/submissions?limit=100&group=${groupOf(chance.below(40))}`,
      as: who.staff[chance.below(TOKENS)]!,
    }),
    'GET /submissions/{id}': () => ({
      path: `/api/v1/submissions/${known.pruned[chance.below(known.pruned.length)]!}`,
      as: who.staff[chance.below(TOKENS)]!,
    }),
  })
  if (wanted('backup'))
    await progress.step('A backup beside the server', async () => {
      await using server = await startServer(options)
      const env = { PATH: process.env['PATH'] ?? '', ASSAY_STORE_URL: `sqlite:${store}`, ASSAY_DATA: data }
      const backup = promisify(execFile)(process.execPath, [join(ROOT, 'cli/main.ts'), 'backup', join(folder, 'copy.sqlite')], {
        env,
        signal,
      })
      figures.backup = await askMeanwhile(server.url, alongside(), backup)
      await rm(join(folder, 'copy.sqlite'), { force: true })
    })
  if (wanted('prune'))
    await progress.step('Pruning while it is asked', async () => {
      await using server = await startServer({ ...options, retentionDays: 1 })
      const over = server.said('old submissions pruned').then(entry => void (figures.pruned = Number(entry['submissions'])))
      figures.pruning = await askMeanwhile(server.url, alongside(), over)
    })
  return figures
}

/** Staff's tokens are many, each with an allowance of its own that the bench must not reach. */
async function addTokens(path: string): Promise<{ learner: string; staff: string[] }> {
  const store = await openSqliteStore({ path })
  const add = async (owner: string, role: 'learner' | 'admin') => (await store.addToken({ owner, group: 'staff', role })).token
  const staff: string[] = []
  for (let index = 0; index < TOKENS; index++) staff.push(await add(`staff-${index}`, 'admin'))
  const learner = await add(ownerName(7), 'learner')
  await store.close()
  return { learner, staff }
}
