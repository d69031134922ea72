import { runtimesOf } from '../core/runtimes.ts'
import { preparePod } from '../worker/pod/prepared-pod.ts'
import type { BenchCase } from './cases.ts'
import type { WorkerParts } from './designs/worker.ts'
import { spread, type Spread } from './measure/stats.ts'
import { machineSeconds } from './measure/processor-time.ts'
import { table } from './measure/table.ts'
import { mebibytes, milliseconds } from './measure/words.ts'

/** What a pod costs that waits for a submission: to make, and to keep. */
export type PodFigures = {
  kind: string
  /** Milliseconds from nothing to ready. */
  making: Spread
  /** Seconds of the machine's processor time for making and removing one. */
  seconds: Spread
  /** Bytes that each box of it holds while it waits. */
  bytes: Record<string, number>
}

/** Makes pods one after the other, looks at each while it waits, and throws it away. */
export async function measurePods(of: BenchCase, rounds: number, parts: WorkerParts, signal: AbortSignal): Promise<PodFigures> {
  const runtime = runtimesOf(of.bundle.manifest)[0]!
  const makings: number[] = []
  const seconds: number[] = []
  const bytes: Record<string, number[]> = {}
  for (let round = 0; round < rounds; round++) {
    const [began, before] = [performance.now(), machineSeconds()]
    {
      await using _ = await preparePod(
        { sandbox: parts.sandbox, bundle: of.bundle, runtime, subjectRuntime: parts.sandboxRuntime, spares: 0, seed: round },
        signal,
      )
      makings.push(performance.now() - began)
      for (const [role, held] of Object.entries(parts.boxes.memoryByRole())) (bytes[role] ??= []).push(...held)
    }
    seconds.push(machineSeconds() - before)
  }
  const median = Object.entries(bytes).map(([role, held]) => [role, spread(held).p50] as const)
  return { kind: of.name, making: spread(makings), seconds: spread(seconds), bytes: Object.fromEntries(median) }
}

export function podLines(all: readonly PodFigures[]): string {
  const rows = all.map(({ kind, making, seconds, bytes }) => [
    kind,
    milliseconds(making.p50),
    milliseconds(making.p95),
    `${(seconds.p50 * 1000).toFixed(0)} ms`,
    ...(['examiner', 'subject', 'database'] as const).map(role => (bytes[role] === undefined ? '–' : mebibytes(bytes[role]))),
    mebibytes(Object.values(bytes).reduce((sum, each) => sum + each, 0)),
  ])
  const header = ['a pod that waits', 'made in p50', 'p95', 'processor time', 'examiner', 'subject', 'database', 'together']
  return table(header, rows)
}
