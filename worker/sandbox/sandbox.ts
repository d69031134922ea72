import type { Duplex } from 'node:stream'
import type { ImageName } from '../../core/runtimes.ts'
import type { SandboxRuntime } from '../../core/sandbox-runtime.ts'

export type { SandboxRuntime }

/** Where boxes come from. One implementation today (docker/); a Kubernetes job can be another. */
export interface Sandbox {
  /** Makes and starts a box. Throws GraderError when the engine can't or won't apply a limit. */
  open(spec: BoxSpec, signal: AbortSignal): Promise<Box>
  /**
   * What the engine is, for the report, `doctor` and the heartbeat; throws GraderError ENGINE_AWAY when it doesn't answer, and
   * IMAGE_MISSING for as long as an image is missing that a box was wanted of: both mean that no box can be had here now.
   */
  facts(): Promise<EngineFacts>
  /** Removes boxes of workers that are no more (by label); returns how many. */
  reap(): Promise<number>
}

/** A box as data; the whole container profile follows from it (docker/host-config.ts). */
export type BoxSpec = {
  role: 'subject' | 'database' | 'examiner'
  image: ImageName
  runtime: SandboxRuntime
  memoryBytes: number
  processors: number
  /** The pod or collecting of tests that it belongs to, for labels: it may be made before its grading is known. */
  grading: string
}

/** A running box: named streams to its inside, an end, and its removal (`await using`). */
export interface Box extends AsyncDisposable {
  readonly id: string
  readonly role: BoxSpec['role']
  readonly imageDigest: string
  /** Opens a named stream to the inside. */
  open(name: string): Duplex
  /** Streams that the inside opens. Set once, right after opening the box. */
  onStream(handler: (name: string, stream: Duplex) => void): void
  /**
   * Holds everything in it still, until `thaw`; what is sent to it waits. Throws GraderError when the engine can't within a few
   * seconds. Neither does anything to a box that has ended, or is as asked already.
   */
  freeze(): Promise<void>
  thaw(): Promise<void>
  /** Resolves when the box has ended for whatever reason; never rejects. */
  readonly ended: Promise<BoxEnd>
  /** The last of what the box's own process (agent or examiner, not the learner's program) wrote to its stderr: for staff. */
  lastWords(): string
  /**
   * Whether the kernel has killed any process of the box for memory, as far as the engine has told: answers at once, from news
   * that take some ten milliseconds. What knows it, and when:
   * - the box agent's own count (`oomKills`, core/agent-protocol.ts) on runc: any process, at once, but the agent itself and a
   *   box that is no more; it may be asked for after the last test. In gVisor it is always 0: its kernel knows no limit.
   * - this, on runc: any process. In gVisor the host's kernel kills the whole box, so that `ended` says it too.
   * - `ended`, on both: any process, however the box ended; it waits for news that are on their way.
   */
  outOfMemory(): Promise<boolean>
}

export type BoxEnd = {
  exitCode: number | null
  outOfMemory: boolean
  /** The inside broke the line's rules. */
  brokenLine?: string
  /** The engine itself went away: ours. */
  engineAway: boolean
}

export type EngineFacts = {
  version: string
  apiVersion: string
  runtimes: string[]
  architecture: string
  cgroupVersion: string
  storageDriver: string
  warnings: string[]
}
