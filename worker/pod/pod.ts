import { GraderError } from '../../core/errors.ts'
import { join } from '../../core/join.ts'
import { FIXED, type Limits } from '../../core/limits.ts'
import type { PodPlan } from '../kinds/kind.ts'
import type { Box, BoxSpec, Sandbox, SandboxRuntime } from '../sandbox/sandbox.ts'
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
 */
export type Pod = AsyncDisposable & {
  examiner: ExaminerClient
  subject?: { box: Box; agent: AgentClient }
  database?: { box: Box; agent: AgentClient; lastWords: () => string }
  images: Record<string, string>
  runtimes: Record<string, SandboxRuntime>
}

type PodOptions = {
  sandbox: Sandbox
  plan: PodPlan
  limits: Limits
  grading: string
  /** What the learner's program runs in. */
  subjectRuntime: SandboxRuntime
  signal: AbortSignal
  onOutput: (from: OutputSource, chunk: Buffer) => void
}

const EXAMINER_MEMORY = 512 * 1024 * 1024
const POSTGRES_PORT = 5432
const POSTGRES_SOCKET = '/pgdata/run/.s.PGSQL.5432'

/** Opens all boxes side by side. When one can't be opened the others are removed before this throws. */
export async function openPod(options: PodOptions): Promise<Pod> {
  const { sandbox, plan, limits, signal } = options
  const spec = (role: BoxSpec['role'], image: BoxSpec['image'], memoryBytes: number): BoxSpec => ({
    role,
    image,
    memoryBytes,
    processors: limits.processors,
    grading: options.grading,
    // PostgreSQL and the examiner run our code; only the learner's program needs the stronger wall.
    runtime: role === 'subject' ? options.subjectRuntime : 'runc',
  })
  const specs = [
    spec('examiner', 'examiner', EXAMINER_MEMORY),
    ...(plan.subject ? [spec('subject', plan.subject.image, limits.memory)] : []),
    ...(plan.database ? [spec('database', 'postgres', limits.databaseMemory)] : []),
  ]
  const boxes = await openAll(specs.map(each => sandbox.open(each, signal)))
  const byRole = (role: BoxSpec['role']) => boxes.find(box => box.role === role)
  return {
    ...wire(options, byRole('examiner')!, byRole('subject'), byRole('database')),
    runtimes: Object.fromEntries(specs.map(({ role, runtime }) => [role, runtime])),
  }
}

async function openAll(opening: Promise<Box>[]): Promise<Box[]> {
  const settled = await Promise.allSettled(opening)
  const boxes = settled.flatMap(each => (each.status === 'fulfilled' ? [each.value] : []))
  const failed = settled.find(each => each.status === 'rejected')
  if (!failed) return boxes
  await Promise.all(boxes.map(box => box[Symbol.asyncDispose]()))
  throw failed.reason
}

function wire({ plan, onOutput }: PodOptions, examiner: Box, subject: Box | undefined, database: Box | undefined): Omit<Pod, 'runtimes'> {
  const databaseProgram = database && startDatabase(database)

  examiner.onStream((name, stream) => {
    if (name === 'subject' && subject) join(stream, subject.open('main'))
    // The stream waits until the server takes logins, so that nobody need try again.
    else if (name === 'db' && database)
      void databaseProgram?.listening.then(
        () => join(stream, database.open('admin')),
        error => stream.destroy(error),
      )
    else stream.destroy()
  })
  subject?.onStream((name, stream) => {
    if (name === 'out') stream.on('data', (chunk: Buffer) => onOutput('stdout', chunk))
    else if (name === 'err') stream.on('data', (chunk: Buffer) => onOutput('stderr', chunk))
    else if (name === 'peer:postgres' && database) join(stream, database.open('main'))
    else stream.destroy()
  })

  const boxes = [examiner, subject, database].filter(box => box !== undefined)
  return {
    examiner: new ExaminerClient(examiner),
    ...(subject &&
      plan.subject && {
        subject: {
          box: subject,
          agent: new AgentClient(subject, {
            ...plan.subject,
            peers: plan.database ? [{ name: 'postgres', port: POSTGRES_PORT }] : [],
          }),
        },
      }),
    ...(database && databaseProgram && { database: { box: database, agent: databaseProgram.agent, lastWords: databaseProgram.lastWords } }),
    images: Object.fromEntries(boxes.map(box => [box.role, box.imageDigest])),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(boxes.map(box => box[Symbol.asyncDispose]()))
    },
  }
}

function startDatabase(box: Box): { agent: AgentClient; listening: Promise<void>; lastWords: () => string } {
  let words = ''
  box.onStream((name, stream) => {
    if (name === 'out' || name === 'err') stream.on('data', (chunk: Buffer) => (words = (words + chunk.toString('utf8')).slice(-8192)))
    else stream.destroy()
  })
  const agent = new AgentClient(box, {
    command: ['/usr/local/bin/start-postgres'],
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
