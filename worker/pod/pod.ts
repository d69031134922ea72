import { GraderError } from '../../core/errors.ts'
import { join } from '../../core/join.ts'
import { FIXED, type Limits } from '../../core/limits.ts'
import type { PodPlan } from '../kinds/kind.ts'
import type { Box, BoxEnd, BoxSpec, Sandbox, SandboxRuntime } from '../sandbox/sandbox.ts'
import { AgentClient } from './agent-client.ts'
import { ExaminerClient } from './examiner-client.ts'
import type { OutputSource } from './output-capture.ts'

/*
 * A pod is the boxes of one grading and the lines between them. No box can reach another: the examiner's streams
 * "subject" and "db", and the subject's "peer:postgres", end here and are joined to the box they are meant for.
 *
 *   examiner ──"subject"──▶ worker ──"main"───▶ subject agent ──▶ 127.0.0.1:$PORT
 *   examiner ──"db"───────▶ worker ──"admin"──▶ database agent ──▶ PostgreSQL's local socket
 *   subject  ──"peer:…"───▶ worker ──"main"───▶ database agent ──▶ 127.0.0.1:5432 (role learner only)
 *
 * A pod may have further subject boxes, as new as the first: each takes the place of the one before, which is thrown away.
 */
export type Pod = AsyncDisposable & {
  examiner: ExaminerClient
  /** The box that the learner's program runs in now. */
  subject?: Subject
  /** That one and those that may take its place. */
  subjects: readonly Subject[]
  database?: { box: Box; agent: AgentClient; lastWords: () => string }
  /** Puts the next subject box in the place of the current one; false when there is none. */
  replaceSubject: () => boolean
  /** Hears what the learner's program prints, from now on. */
  onOutput: (handler: (from: OutputSource, chunk: Buffer) => void) => void
  /** Has the learner's program wait for its files in every subject box, where it can. */
  warmSubjects: () => Promise<void>
  /** The first of the boxes that ends. */
  ended: Promise<{ role: BoxSpec['role']; end: BoxEnd }>
  images: Record<string, string>
  runtimes: Record<string, SandboxRuntime>
}

export type Subject = { box: Box; agent: AgentClient }

export type PodOptions = {
  sandbox: Sandbox
  plan: PodPlan
  /** How many subject boxes there are beside the first. */
  spares: number
  limits: Limits
  /** What the boxes are labelled with. */
  name: string
  /** What the learner's program runs in. */
  subjectRuntime: SandboxRuntime
  signal: AbortSignal
}

const EXAMINER_MEMORY = 512 * 1024 * 1024
const POSTGRES_PORT = 5432
/**
 * Only where tests ask for it: see docs/decisions/0022-what-a-request-costs-its-database.md for what it costs. A statement with
 * parameters is planned each time, so that its plans are as many as its calls.
 */
export const COUNTING = ['-c', 'shared_preload_libraries=pg_stat_statements', '-c', 'plan_cache_mode=force_custom_plan']
const POSTGRES_SOCKET = '/pgdata/run/.s.PGSQL.5432'

/** Opens all boxes side by side. When one can't be opened the others are removed before this throws. */
export async function openPod(options: PodOptions): Promise<Pod> {
  const { sandbox, plan, limits, signal } = options
  const spec = (role: BoxSpec['role'], image: BoxSpec['image'], memoryBytes: number): BoxSpec => ({
    role,
    image,
    memoryBytes,
    processors: limits.processors,
    grading: options.name,
    // PostgreSQL and the examiner run our code; only the learner's program needs the stronger wall.
    runtime: role === 'subject' ? options.subjectRuntime : 'runc',
  })
  const subject = plan.subject && spec('subject', plan.subject.image, limits.memory)
  const specs = [
    spec('examiner', 'examiner', EXAMINER_MEMORY),
    ...(plan.database ? [spec('database', 'postgres', limits.databaseMemory)] : []),
    ...(subject ? Array.from({ length: 1 + options.spares }, () => subject) : []),
  ]
  const boxes = await openAll(specs.map(each => sandbox.open(each, signal)))
  return Object.assign(wire(plan, boxes), {
    images: Object.fromEntries(boxes.map(box => [box.role, box.imageDigest])),
    runtimes: Object.fromEntries(specs.map(({ role, runtime }) => [role, runtime])),
    ended: Promise.race(boxes.map(async ({ role, ended }) => ({ role, end: await ended }))),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(boxes.map(box => box[Symbol.asyncDispose]()))
    },
  })
}

async function openAll(opening: Promise<Box>[]): Promise<Box[]> {
  const settled = await Promise.allSettled(opening)
  const boxes = settled.flatMap(each => (each.status === 'fulfilled' ? [each.value] : []))
  const failed = settled.find(each => each.status === 'rejected')
  if (!failed) return boxes
  await Promise.all(boxes.map(box => box[Symbol.asyncDispose]()))
  throw failed.reason
}

type Wired = Pick<Pod, 'examiner' | 'subject' | 'subjects' | 'database' | 'replaceSubject' | 'warmSubjects' | 'onOutput'>

function wire(plan: PodPlan, boxes: readonly Box[]): Wired {
  const examiner = boxes.find(box => box.role === 'examiner')!
  const database = boxes.find(box => box.role === 'database')
  const databaseProgram = database && startDatabase(database, plan)
  let heard: (from: OutputSource, chunk: Buffer) => void = () => {}

  const subjects = boxes
    .filter(box => box.role === 'subject')
    .map(box => {
      box.onStream((name, stream) => {
        if (name === 'out') stream.on('data', (chunk: Buffer) => heard('stdout', chunk))
        else if (name === 'err') stream.on('data', (chunk: Buffer) => heard('stderr', chunk))
        else if (name === 'peer:postgres' && database) join(stream, database.open('main'))
        else stream.destroy()
      })
      const peers = plan.database ? [{ name: 'postgres', port: POSTGRES_PORT }] : []
      const { image: _, ...program } = plan.subject!
      return { box, agent: new AgentClient(box, { ...program, peers }) }
    })

  const wired: Wired = {
    examiner: new ExaminerClient(examiner),
    ...(subjects[0] && { subject: subjects[0] }),
    subjects,
    ...(database && databaseProgram && { database: { box: database, agent: databaseProgram.agent, lastWords: databaseProgram.lastWords } }),
    replaceSubject: () => {
      const next = subjects[subjects.indexOf(wired.subject!) + 1]
      if (!next) return false
      wired.subject = next
      return true
    },
    warmSubjects: async () => {
      // Without one that waits the first start is a cold one.
      if (plan.subject?.waiting) await Promise.all(subjects.map(subject => subject.agent.warm()))
    },
    onOutput: handler => void (heard = handler),
  }
  examiner.onStream((name, stream) => {
    if (name === 'subject' && wired.subject) join(stream, wired.subject.box.open('main'))
    // The stream waits until the server takes logins, so that nobody need try again.
    else if (name === 'db' && database)
      void databaseProgram?.listening.then(
        () => join(stream, database.open('admin')),
        error => stream.destroy(error),
      )
    else stream.destroy()
  })
  return wired
}

function startDatabase(box: Box, { countStatements }: PodPlan): { agent: AgentClient; listening: Promise<void>; lastWords: () => string } {
  let words = ''
  box.onStream((name, stream) => {
    if (name === 'out' || name === 'err') stream.on('data', (chunk: Buffer) => (words = (words + chunk.toString('utf8')).slice(-8192)))
    else stream.destroy()
  })
  const agent = new AgentClient(box, {
    command: ['/usr/local/bin/start-postgres', ...(countStatements ? COUNTING : [])],
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8', HOME: '/work' },
    port: POSTGRES_PORT,
    adminSocket: POSTGRES_SOCKET,
    peers: [],
  })
  const lastWords = () => words.trimEnd().split('\n').slice(-FIXED.logTailLines).join('\n')
  const listening = startedOrThrow(agent, lastWords)
  listening.catch(() => {})
  return { agent, listening, lastWords }
}

async function startedOrThrow(agent: AgentClient, lastWords: () => string): Promise<void> {
  const result = await agent.start({})
  if (result?.listening) return
  throw new GraderError('DATABASE_NOT_STARTED', `PostgreSQL did not start in its box: ${lastWords() || 'it said nothing'}`)
}
