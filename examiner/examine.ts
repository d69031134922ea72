import { InvalidInput, describeFinding } from '../core/errors.ts'
import type { ExaminerJob } from '../core/examiner-protocol.ts'
import { clipEnd, clipResult } from './clip-results.ts'
import { cleanText } from './clean-text.ts'
import { kindOf } from './kinds.ts'
import { layFiles } from './lay-files.ts'
import type { Pod } from './pod.ts'
import { setPropertySeed } from './property-seed.ts'
import type { WorkerLine } from './worker-line.ts'
import { now } from './now.ts'

/**
 * Does the worker's one job, from its coming to the last word. Whatever is thrown on the way is not the learner's doing:
 * it is told as `broken`, with the file where that is known.
 */
export async function examine(line: WorkerLine, pod: Pod, folder: string): Promise<void> {
  try {
    const job = await line.job
    layFiles(folder, job.bundle.files, job.javascript)
    if (job.jobMode === 'collect') await collect(job, line, folder)
    else if (job.jobMode === 'mutants') await tryMutants(job, line, pod, folder)
    else await grade(job, line, pod, folder)
  } catch (error) {
    await line.say({ type: 'broken', ...faultOf(error, folder) })
  }
}

async function collect({ bundle, nonce }: ExaminerJob, line: WorkerLine, folder: string): Promise<void> {
  const { manifest, files } = bundle
  const tests = await (await kindOf(manifest)).collect({ manifest, files, folder })
  await line.say({ type: 'collected', nonce, tests })
}

async function tryMutants(
  { bundle, nonce, seed, samples = { accepted: [], wrong: [] } }: ExaminerJob,
  line: WorkerLine,
  pod: Pod,
  folder: string,
): Promise<void> {
  const { manifest, files } = bundle
  const kind = await kindOf(manifest)
  const onNews = (words: string) => void line.say({ type: 'mutant-news', words })
  const check = await kind.tryMutants?.({ manifest, files, folder, seed, pod }, samples, onNews)
  await line.say({ type: 'mutated', nonce, ...(check && { check }) })
}

async function grade(job: ExaminerJob, line: WorkerLine, pod: Pod, folder: string): Promise<void> {
  const { bundle, nonce, seed } = job
  const { manifest, files } = bundle
  setPropertySeed(seed)
  const began = now()
  const kind = await kindOf(manifest)
  const run = await kind.prepare({ manifest, files, folder, seed, pod })
  void line.say({ type: 'ready', timings: { examiner: now() - began } })
  const { submission, plan } = await line.begin
  const started = now()
  const { timings, ...graded } = await run(submission, plan, {
    onStart: id => line.say({ type: 'test-start', id }),
    onEnd: result => void line.say({ type: 'test-end', result: clipResult(result), peakBytes: peakBytes() }),
  })
  await line.say({
    type: 'end',
    nonce,
    ...clipEnd(graded),
    timings: { tests: now() - started, ...timings },
    peakBytes: peakBytes(),
  })
}

/** Node tells kibibytes. */
function peakBytes(): number {
  return process.resourceUsage().maxRSS * 1024
}

function faultOf(error: unknown, folder: string): { file: string; message: string } {
  if (error instanceof InvalidInput) {
    const [first, ...more] = error.findings
    const place = [first!.line && `line ${first!.line}`, first!.field && `"${first!.field}"`].filter(Boolean).map(part => `${part}: `)
    const message = [`${place.join('')}${first!.message}`, ...more.map(describeFinding)].join('\n')
    return { file: first!.file.slice(0, 300), message: cleanText(message, 8000) }
  }
  const words = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { file: 'examiner', message: cleanText(words.replaceAll(`${folder}/`, ''), 8000) }
}
