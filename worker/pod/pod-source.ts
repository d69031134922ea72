import type { Bundle } from '../../core/bundle.ts'
import type { SubmissionRuntime } from '../../core/runtimes.ts'
import { subjectRuntime } from '../grading/sandbox-runtime.ts'
import type { Sandbox, SandboxRuntime } from '../sandbox/sandbox.ts'
import { preparePod, type PreparedPod } from './prepared-pod.ts'

/** What a pod is made for. */
export type PodKind = {
  bundle: Bundle
  runtime: SubmissionRuntime
  /** The worker's setting; what a program runs in is for sandbox-runtime.ts to say. */
  sandboxRuntime: SandboxRuntime
}

/** What a grading asks of its pod. */
export type PodRequest = PodKind & {
  seed: number
  /** A retry or a regrade: only a pod of this very seed will do. A first grading takes the seed of the pod it gets. */
  keepSeed: boolean
}

/** Where gradings get their pods from: made when asked for (below), or ahead (worker/pool/). */
export type PodSource = {
  /** A pod for one grading, which is the caller's to dispose of. Throws as preparePod does. */
  take: (request: PodRequest, signal: AbortSignal) => Promise<PreparedPod>
}

/** Makes each pod when it is asked for. */
export function freshPods(sandbox: Sandbox): PodSource {
  return {
    take: (request, signal) => preparePod({ ...request, sandbox, subjectRuntime: subjectRuntime(request), spares: 0 }, signal),
  }
}
