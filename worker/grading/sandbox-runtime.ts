import { GraderError } from '../../core/errors.ts'
import { strongest, type SandboxRuntime } from '../../core/sandbox-runtime.ts'
import type { PodKind } from '../pod/pod-source.ts'
import type { GradeRequest } from './request.ts'

/** What the learner's program runs in: the worker's setting or what the exercise asks for, whichever is stronger. */
export function subjectRuntime({ bundle: { manifest }, sandboxRuntime }: Pick<PodKind, 'bundle' | 'sandboxRuntime'>): SandboxRuntime {
  // SQL is run by the examiner, on a PostgreSQL of ours.
  if (manifest.kind !== 'endpoint') return 'runc'
  return strongest(sandboxRuntime, manifest.sandbox)
}

/** Throws, before any box is opened, when the engine has not the runtime that it asks for. runc every engine has. */
export async function assertRuntime({ bundle, sandbox, sandboxRuntime }: GradeRequest): Promise<void> {
  const runtime = subjectRuntime({ bundle, sandboxRuntime })
  if (runtime === 'runc') return
  const { runtimes } = await sandbox.facts()
  if (runtimes.includes(runtime)) return
  const who = runtime === sandboxRuntime ? 'ASSAY_RUNTIME asks' : `The exercise ${bundle.slug} asks`
  throw new GraderError(
    'RUNTIME_MISSING',
    `${who} for the sandbox "${runtime}", which this worker's engine does not have (it has ${runtimes.join(', ')}). Run "npx assay engine gvisor" on the engine's host`,
  )
}
