import { connect } from 'node:net'
import type { QueryManifest } from '../../core/exercise.ts'
import { kindOf } from '../../examiner/kinds.ts'
import { logIn, type Pod } from '../../examiner/pod.ts'
import { setPropertySeed } from '../../examiner/property-seed.ts'
import { compareRows, type Expected } from '../../examiner/sql/comparison/compare.ts'
import { askReading } from '../../examiner/sql/learner-session.ts'
import { prepareQuery } from '../../examiner/sql/query/prepare-query.ts'
import { LEARNER, SUPERUSER } from '../../examiner/sql/roles.ts'
import { createDatabase, dropDatabase, FIRST, withSession } from '../../examiner/sql/server.ts'
import { peakMemoryOfProcess } from '../measure/process-memory.ts'
import { Program } from './program.ts'
import type { FromFloor, Prepare, ToFloor } from './protocol.ts'

/*
 * The floor's examiner: the examiner's own code, loaded and warm, in a plain process that grades one submission after the
 * other. There is no box, and no line between it and the program but the loopback. A child of floor.ts.
 */
const SEED = 7
type Grade = () => Promise<{ passed: number; latencyMs: number; programBytes: number }>
let grade: Grade | undefined

process.on('message', message => void take(message as ToFloor).catch(error => say({ type: 'failed', message: String(error) })))
process.on('disconnect', () => process.exit(0))

async function take(message: ToFloor): Promise<void> {
  if (message.type === 'end') process.exit(0)
  if (message.type === 'prepare') {
    setPropertySeed(SEED)
    grade = await (message.bundle.manifest.kind === 'query' ? prepareStatement(message) : prepareTests(message))
    return say({ type: 'ready' })
  }
  say({ type: 'graded', ...(await grade!()) })
}

function say(message: FromFloor): void {
  process.send!(message)
}

/** Endpoint and migration: the kind's own tests, prepared once and run anew for each submission. */
async function prepareTests(given: Prepare): Promise<Grade> {
  const { bundle, folder, plan, files, scratch, port, server } = given
  const { manifest } = bundle
  const env: Record<string, string> = server ? { DATABASE_URL: `postgres://learner:learner@127.0.0.1:${server.port}/app` } : {}
  const program = new Program(scratch, port, env)
  process.on('exit', () => program.pid && process.kill(program.pid, 'SIGKILL'))
  const pod = podOf(given, async action => {
    if (action === 'db.reset') return makeDatabaseAnew(pod)
    await program.stop()
    await program.start()
  })
  const run = await (await kindOf(manifest)).prepare({ manifest, files: bundle.files, folder, seed: SEED, pod })
  const hasProgram = manifest.kind === 'endpoint'
  const hasDatabase = manifest.kind === 'endpoint' && manifest.services.postgres !== undefined
  return async () => {
    const began = performance.now()
    if (hasProgram) {
      await program.lay(files)
      await program.start()
    }
    const watch = { onStart: async () => {}, onEnd: () => {} }
    const { results } = await run(hasProgram ? {} : files, plan, watch)
    const latencyMs = performance.now() - began
    const programBytes = program.pid ? (peakMemoryOfProcess(program.pid) ?? 0) : 0
    await program.stop()
    // For the next one: a learner's own database is there before they run their tests.
    if (hasDatabase) await makeDatabaseAnew(pod)
    return { latencyMs, programBytes, passed: results.filter(({ status }) => status === 'passed').length }
  }
}

/** Query: the statement in a session of its own on each data set, and its rows compared; nothing else is needed for a verdict. */
async function prepareStatement(given: Prepare): Promise<Grade> {
  const { bundle, files } = given
  const manifest = bundle.manifest as QueryManifest
  const { openDb } = podOf(given, () => Promise.reject(new Error('a query has no program')))
  const { killer, admin, datasets } = await prepareQuery(openDb, manifest, bundle.files, SEED)
  for (const { database, sessions } of datasets.values()) {
    sessions?.[Symbol.dispose]()
    await admin.query(`GRANT CONNECT ON DATABASE ${database} TO ${LEARNER}`)
  }
  const [statement] = Object.values(files)
  return async () => {
    const began = performance.now()
    let passed = 0
    for (const { database, expected } of datasets.values()) {
      const run = await withSession(openDb, LEARNER, database, session => askReading(session, statement!, manifest, killer))
      if (run.type === 'rows' && !compareRows(expected as Expected, run, manifest.comparison)) passed++
    }
    return { passed, latencyMs: performance.now() - began, programBytes: 0 }
  }
}

function podOf({ port, server }: Prepare, control: Pod['control']): Pod {
  return {
    openSubject: () => connect(port, '127.0.0.1'),
    openDb: (user, database, settings) => logIn(connect(server!.socket), user, database, settings),
    control,
    exited: () => new Promise(() => {}),
    onOutput: () => () => {},
  }
}

async function makeDatabaseAnew({ openDb }: Pod): Promise<void> {
  await withSession(openDb, SUPERUSER, FIRST, async admin => {
    await dropDatabase(admin, 'app')
    await createDatabase(admin, 'app', { template: 'app_template', rights: 'GRANT CONNECT, TEMPORARY ON DATABASE app TO PUBLIC' })
  })
}
