import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { testPlan } from '../../worker/grading/test-plan.ts'
import type { Graded, OpenDesign, Opening } from '../design.ts'
import { peakMemoryOfProcess } from '../measure/process-memory.ts'
import { startLocalServer, type LocalServer } from './local-postgres.ts'
import { portForStarts } from './port.ts'
import type { FromFloor, ToFloor } from './protocol.ts'
import type { ServerFiles } from './server-files.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const ANSWERS_WITHIN_MS = 60_000

/**
 * The floor: the same submission and the same tests as bare processes of this machine, without any isolation. The program
 * is started, tested and ended; the examiner's process, and for SQL a PostgreSQL server each, are there already.
 */
export async function openFloor({ of, slots }: Opening, server: () => Promise<ServerFiles>): Promise<OpenDesign> {
  await using things = new AsyncDisposableStack()
  const { manifest } = of
  const needsServer = manifest.kind !== 'endpoint' || manifest.services.postgres !== undefined
  const scratch = join(ROOT, '.cache/bench', `floor-${process.pid}`)
  things.defer(() => rm(scratch, { recursive: true, force: true }))
  const all: Slot[] = []
  for (let at = 0; at < slots; at++) {
    const local = needsServer ? things.use(await startLocalServer(await server())) : undefined
    const folder = join(scratch, `${of.name}-${at}`)
    await mkdir(folder, { recursive: true })
    all.push(things.use(await openSlot(of, folder, local)))
  }
  const free = [...all]
  const kept = things.move()
  return {
    ready: async () => {},
    grade: async () => {
      const slot = free.pop()
      if (!slot) throw new Error(`the floor was opened for ${slots} submissions at a time`)
      try {
        return await slot.grade(of.wanted)
      } finally {
        free.push(slot)
      }
    },
    ahead: 0,
    memoryNow: () => all.reduce((sum, slot) => sum + slot.bytes(), 0),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

type Slot = AsyncDisposable & { grade: (wanted: number) => Promise<Graded>; bytes: () => number }

async function openSlot(of: Opening['of'], scratch: string, server: LocalServer | undefined): Promise<Slot> {
  const child = fork(join(import.meta.dirname, 'examiner-process.ts'), {
    execArgv: ['--liftoff-only'],
    env: { PATH: process.env.PATH, LANG: 'C.UTF-8' },
    serialization: 'advanced',
  })
  const close = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    if (child.connected) child.send({ type: 'end' } satisfies ToFloor)
    const late = setTimeout(() => child.kill('SIGKILL'), 2_000)
    await ended
    clearTimeout(late)
  }
  try {
    const { bundle, folder, tests, files, mode } = of
    await ask(child, {
      type: 'prepare',
      bundle,
      folder,
      plan: testPlan(tests, mode, 7),
      files,
      scratch,
      port: await portForStarts(),
      server: server && { socket: server.socket, port: server.port },
    })
  } catch (error) {
    await close()
    throw error
  }
  let programBytes = 0
  return {
    grade: async wanted => {
      const answer = await ask(child, { type: 'grade' })
      if (answer.type !== 'graded' || answer.passed !== wanted) throw new Error(`the floor passed ${JSON.stringify(answer)} of ${wanted}`)
      programBytes = Math.max(programBytes, answer.programBytes)
      return { latencyMs: answer.latencyMs }
    },
    bytes: () => [child.pid, server?.pid].reduce<number>((sum, pid) => sum + ((pid && peakMemoryOfProcess(pid)) || 0), programBytes),
    [Symbol.asyncDispose]: close,
  }
}

async function ask(child: ChildProcess, message: ToFloor): Promise<FromFloor> {
  const stop = new AbortController()
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(ANSWERS_WITHIN_MS)])
  const ended = () => stop.abort(new Error("the floor's examiner ended"))
  child.once('exit', ended)
  const answer = once(child, 'message', { signal })
  child.send(message)
  const [said] = (await answer.finally(() => child.off('exit', ended))) as [FromFloor]
  if (said.type === 'failed') throw new Error(`the floor's examiner: ${said.message}`)
  return said
}
