import { randomBytes } from 'node:crypto'
import type { Bundle } from '../../core/bundle.ts'
import { GraderError } from '../../core/errors.ts'
import type { TestFact } from '../../core/tests-list.ts'
import { openPod } from '../pod/pod.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'

const COLLECTING_MS = 60_000

/**
 * Loads an exercise's tests in an examiner of their own, without a subject and without running them, and returns their list:
 * the denominator of every score, fixed before any learner's code is near.
 * Throws GraderError('EXERCISE_BROKEN') with the file and the error when the tests can't be loaded.
 */
export async function collectTests(sandbox: Sandbox, bundle: Bundle, signal: AbortSignal): Promise<TestFact[]> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(COLLECTING_MS)])
  await using pod = await openPod({
    sandbox,
    subjectRuntime: 'runc',
    plan: { database: false },
    spares: 0,
    limits: bundle.manifest.limits,
    name: `collect-${bundle.version.slice(0, 12)}`,
    signal: limit,
  })
  const nonce = randomBytes(16).toString('hex')
  pod.examiner.say({ type: 'job', nonce, jobMode: 'collect', bundle, seed: 0 })
  const { promise: tooLong, reject } = Promise.withResolvers<never>()
  limit.addEventListener('abort', () => reject(limit.reason))
  // Awaited here: the pod is gone once this returns.
  return await Promise.race([listFrom(pod.examiner.messages(), nonce), tooLong])
}

async function listFrom(
  messages: ReturnType<Awaited<ReturnType<typeof openPod>>['examiner']['messages']>,
  nonce: string,
): Promise<TestFact[]> {
  for await (const message of messages) {
    if (message.type === 'broken') throw new GraderError('EXERCISE_BROKEN', `${message.file}: ${message.message}`)
    if (message.type === 'collected' && message.nonce === nonce) return message.tests
    throw new GraderError('EXAMINER_PROTOCOL', `The examiner answered a request for the tests with "${message.type}"`)
  }
  throw new GraderError('EXAMINER_BROKE_OFF', 'The examiner ended before it listed the tests')
}
