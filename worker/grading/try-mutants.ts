import { randomBytes } from 'node:crypto'
import type { Bundle } from '../../core/bundle.ts'
import { GraderError } from '../../core/errors.ts'
import type { FromExaminer, SampleTexts } from '../../core/examiner-protocol.ts'
import type { MutantCheck } from '../../core/mutant-check.ts'
import { openPod } from '../pod/pod.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'

export type MutantsWanted = {
  sandbox: Sandbox
  bundle: Bundle
  /** The same seed tries the same generated data. */
  seed: number
  samples: SampleTexts
  signal: AbortSignal
  onNews: (words: string) => void
}

/** The examiner ends each part of its own accord well before this. */
const TRYING_MS = 240_000

/**
 * Has an examiner and a database of their own try mutants of a query exercise's reference (examiner/sql/query/survivors/). Undefined where
 * the exercise is none that has them. Throws GraderError('EXERCISE_BROKEN') with the file and the error when it can't be prepared.
 */
export async function tryMutants({ sandbox, bundle, seed, samples, signal, onNews }: MutantsWanted): Promise<MutantCheck | undefined> {
  if (bundle.manifest.kind !== 'query') return undefined
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TRYING_MS)])
  await using pod = await openPod({
    sandbox,
    subjectRuntime: 'runc',
    plan: { database: true },
    spares: 0,
    limits: bundle.manifest.limits,
    name: `mutants-${bundle.version.slice(0, 12)}`,
    signal: limit,
  })
  const nonce = randomBytes(16).toString('hex')
  pod.examiner.say({ type: 'job', nonce, jobMode: 'mutants', bundle, seed, samples })
  const { promise: tooLong, reject } = Promise.withResolvers<never>()
  limit.addEventListener('abort', () => reject(limit.reason))
  // Awaited here: the pod is gone once this returns.
  return await Promise.race([checkFrom(pod.examiner.messages(), nonce, onNews), tooLong])
}

async function checkFrom(
  messages: AsyncGenerator<FromExaminer>,
  nonce: string,
  onNews: (words: string) => void,
): Promise<MutantCheck | undefined> {
  for await (const message of messages) {
    if (message.type === 'mutant-news') onNews(message.words)
    else if (message.type === 'broken') throw new GraderError('EXERCISE_BROKEN', `${message.file}: ${message.message}`)
    else if (message.type === 'mutated' && message.nonce === nonce) return message.check
    else throw new GraderError('EXAMINER_PROTOCOL', `The examiner said "${message.type}" while it tried mutants`)
  }
  throw new GraderError('EXAMINER_BROKE_OFF', 'The examiner ended before it had tried the mutants')
}
