import type { Duplex } from 'node:stream'
import { join } from '../../core/join.ts'
import type { Limits } from '../../core/limits.ts'
import type { Reference } from '../../core/reference.ts'
import type { PodPlan } from '../kinds/kind.ts'
import type { Box, BoxEnd, BoxSpec, Sandbox, SandboxRuntime } from '../sandbox/sandbox.ts'
import { ExaminerClient } from './examiner-client.ts'
import type { OutputSource } from './output-capture.ts'
import { ReferenceSide } from './reference-side.ts'
import { startDatabase, wireSubject, type Database, type Subject } from './wire-boxes.ts'

/*
 * A pod is the boxes of one grading and the lines between them. No box can reach another: the examiner's streams
 * "subject" and "db", and the subject's "peer:postgres", end here and are joined to the box they are meant for.
 *
 *   examiner ──"subject"──▶ worker ──"main"───▶ subject agent ──▶ 127.0.0.1:$PORT
 *   examiner ──"db"───────▶ worker ──"admin"──▶ database agent ──▶ PostgreSQL's local socket
 *   subject  ──"peer:…"───▶ worker ──"main"───▶ database agent ──▶ 127.0.0.1:5432 (role learner only)
 *
 * A pod may have further subject boxes, as new as the first: each takes the place of the one before, which is thrown away.
 * Where the exercise names a reference it has a subject's and a database's box of its own, of the same making, which the examiner
 * reaches by "reference" and "reference-db".
 */
export type Pod = AsyncDisposable & {
  examiner: ExaminerClient
  /** The box that the learner's program runs in now. */
  subject?: Subject
  /** That one and those that may take its place. */
  subjects: readonly Subject[]
  database?: Database
  /** The exercise's own solution, which tests compare the program with. */
  reference?: ReferenceSide
  /** Holds the program and its database still, until `thaw`. Throws GraderError when the engine can't. */
  freeze: () => Promise<void>
  thaw: () => Promise<void>
  /** Puts the next subject box in the place of the current one; false when there is none. */
  replaceSubject: () => boolean
  /** Hears what the learner's program prints, from now on. */
  onOutput: (handler: (from: OutputSource, chunk: Buffer) => void) => void
  /** Has the learner's program wait for its files in every subject box, where it can, and the reference in its own. */
  warmSubjects: () => Promise<void>
  /** The first of the boxes that ends. */
  ended: Promise<{ role: BoxSpec['role']; end: BoxEnd }>
  images: Record<string, string>
  runtimes: Record<string, SandboxRuntime>
}

export type PodOptions = {
  sandbox: Sandbox
  plan: PodPlan
  /** How many subject boxes there are beside the first. */
  spares: number
  /** What programs are compared with, and how it is run. */
  reference?: { solution: Reference; program: NonNullable<PodPlan['subject']> } | undefined
  limits: Limits
  /** What the boxes are labelled with. */
  name: string
  /** What the learner's program runs in. */
  subjectRuntime: SandboxRuntime
  signal: AbortSignal
}

const EXAMINER_MEMORY = 512 * 1024 * 1024

/** Opens all boxes side by side. When one can't be opened the others are removed before this throws. */
export async function openPod(options: PodOptions): Promise<Pod> {
  const { sandbox, plan, reference, limits, signal } = options
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
  const own = specs.length
  if (reference) {
    specs.push(spec('subject', reference.program.image, limits.memory))
    if (plan.database) specs.push(spec('database', 'postgres', limits.databaseMemory))
  }
  const boxes = await openAll(specs.map(each => sandbox.open(each, signal)))
  const side = reference && new ReferenceSide({ ...reference, plan, boxes: boxes.slice(own) })
  return Object.assign(wire(plan, boxes.slice(0, own), side), {
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

type Wired = Omit<Pod, 'ended' | 'images' | 'runtimes' | typeof Symbol.asyncDispose>

function wire(plan: PodPlan, boxes: readonly Box[], reference: ReferenceSide | undefined): Wired {
  const examiner = boxes.find(box => box.role === 'examiner')!
  const databaseBox = boxes.find(box => box.role === 'database')
  const database = databaseBox && startDatabase(databaseBox, plan)
  let heard: (from: OutputSource, chunk: Buffer) => void = () => {}

  const subjects = boxes
    .filter(box => box.role === 'subject')
    .map(box => wireSubject(box, plan.subject!, database, (from, chunk) => heard(from, chunk)))

  const wired: Wired = {
    examiner: new ExaminerClient(examiner),
    ...(subjects[0] && { subject: subjects[0] }),
    subjects,
    ...(database && { database }),
    ...(reference && { reference }),
    freeze: async () => void (await Promise.all(current().map(box => box.freeze()))),
    thaw: async () => void (await Promise.all(current().map(box => box.thaw()))),
    replaceSubject: () => {
      const next = subjects[subjects.indexOf(wired.subject!) + 1]
      if (!next) return false
      wired.subject = next
      return true
    },
    warmSubjects: async () => {
      // Without one that waits the first start is a cold one.
      const warmed = plan.subject?.waiting ? subjects.map(subject => subject.agent.warm()) : []
      await Promise.all([...warmed, reference?.warm()])
    },
    onOutput: handler => void (heard = handler),
  }
  const current = () => [wired.subject?.box, database?.box].filter(box => box !== undefined)
  examiner.onStream((name, stream) => {
    if (name === 'subject' && wired.subject) join(stream, wired.subject.box.open('main'))
    else if (name === 'db' && database) joinServer(stream, database)
    else if (name === 'reference' && reference) join(stream, reference.box.open('main'))
    else if (name === 'reference-db' && reference?.database) joinServer(stream, reference.database)
    else stream.destroy()
  })
  return wired
}

/** The stream waits until the server takes logins, so that nobody need try again. */
function joinServer(stream: Duplex, { box, listening }: Database): void {
  void listening.then(
    () => join(stream, box.open('admin')),
    error => stream.destroy(error),
  )
}
