import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bundle } from '../../core/bundle.ts'
import { EXAMINER_LINES } from '../../core/examiner-lines.ts'
import type { ExaminerJob, FromExaminer } from '../../core/examiner-protocol.ts'
import { jsonLine, jsonLines } from '../../core/lines.ts'
import { Mux } from '../../core/mux.ts'
import type { FileMap } from '../../core/submission.ts'
import { peakMemoryOfProcess } from '../measure/process-memory.ts'

/** One way in which an examiner can stand on disk. */
export type Layout = {
  /** What its tests import as "assay". */
  folder: string
  main: string
  flags: readonly string[]
  /** Where Node keeps what it compiled; warm after one start. */
  cache: string
  javascript: (bundle: Bundle) => FileMap | undefined
}

export type Start = { processorMs: number; wallMs: number; peakBytes: number }

/**
 * Starts an examiner as a plain process and gives it a job, until it is ready or asks for its database. The last is as far as
 * SQL kinds come by themselves.
 */
export async function startExaminer(layout: Layout, bundle: Bundle, scratch: string): Promise<Start> {
  const folder = await mkdtemp(join(scratch, 'start-'))
  await mkdir(join(folder, 'node_modules'))
  await symlink(layout.folder, join(folder, 'node_modules/assay'))
  const began = performance.now()
  const child = spawn(process.execPath, [...layout.flags, join(layout.folder, layout.main), join(folder, 'exercise')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: layout.cache },
  })
  const exited = new Promise(settle => child.once('exit', settle))
  const { promise: asked, resolve: onAsked } = Promise.withResolvers<void>()
  const mux = new Mux({ side: 'host', input: child.stdout, output: child.stdin, onStream: () => onAsked(), onBroken: () => {} })
  const line = mux.open('examiner')
  const javascript = layout.javascript(bundle)
  const job: ExaminerJob = { type: 'job', nonce: 'n'.repeat(32), jobMode: 'grade', bundle, seed: 1, ...(javascript && { javascript }) }
  line.write(jsonLine(job))
  try {
    await Promise.race([asked, untilReady(jsonLines(line, EXAMINER_LINES))])
    const pid = child.pid!
    return { processorMs: await processorMs(pid), wallMs: performance.now() - began, peakBytes: peakMemoryOfProcess(pid) ?? 0 }
  } finally {
    // In order, so that Node writes what it keeps; its own exit can hang (nodejs/node#54918).
    child.stdin.end()
    const late = setTimeout(() => child.kill('SIGKILL'), 5_000)
    await exited
    clearTimeout(late)
    await rm(folder, { recursive: true })
  }
}

async function untilReady(lines: AsyncGenerator): Promise<void> {
  for await (const each of lines) {
    const message = each as FromExaminer
    if (message.type === 'ready') return
    throw new Error(`the examiner said ${JSON.stringify(message)}`)
  }
  throw new Error('the examiner ended')
}

/** In nanoseconds per thread, where the times of a whole process come in ticks of ten milliseconds. */
export async function processorMs(pid: number): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`)
  const each = await Promise.all(threads.map(thread => readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').catch(() => '0')))
  return each.reduce((sum, text) => sum + Number.parseInt(text, 10), 0) / 1e6
}
