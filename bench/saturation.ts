import type { OpenDesign, Usage } from './design.ts'
import { machineSeconds } from './measure/processor-time.ts'

export type Saturation = {
  inFlight: number
  graded: number
  perMinute: number
  /** Processor time of the whole machine per submission, in seconds: what was made ahead and cleared away is in it. */
  secondsEach: number
  /** The most memory that was held at once, divided by the submissions in flight. */
  bytesPerSlot: number | undefined
  usage?: Usage
}

const LOOK_EVERY_MS = 100

/**
 * Keeps `inFlight` submissions under way until the window is over. The window begins when as many are through as empty
 * whatever was made ahead, and ends with the first that is through after `windowMs`; submissions go on beyond both of its
 * ends, so that what is under way is the same there. So everything that a submission takes is made within the window, too.
 */
export async function saturate(
  design: OpenDesign,
  { inFlight, windowMs, signal }: { inFlight: number; windowMs: number; signal: AbortSignal },
): Promise<Saturation> {
  const before = inFlight * (1 + design.ahead)
  let through = 0
  let start: Mark | undefined
  let end: Mark | undefined
  let peakBytes: number | undefined
  const look = setInterval(() => {
    const now = start && design.memoryNow()
    if (now !== undefined) peakBytes = Math.max(peakBytes ?? 0, now)
  }, LOOK_EVERY_MS)
  const slot = async () => {
    while (!end) {
      signal.throwIfAborted()
      const { removed } = await design.grade()
      await removed
      through++
      if (through === before) start = mark(through, design)
      else if (start && performance.now() - start.at >= windowMs) end ??= mark(through, design)
    }
  }
  try {
    // All are awaited, also when one fails: none may go on behind the caller's back.
    const ended = await Promise.allSettled(Array.from({ length: inFlight }, slot))
    const failed = ended.find(each => each.status === 'rejected')
    if (failed) throw failed.reason
  } finally {
    clearInterval(look)
  }
  return between(start!, end!, inFlight, peakBytes)
}

type Mark = { at: number; through: number; machine: number; usage: Usage | undefined }

function mark(through: number, design: OpenDesign): Mark {
  return { at: performance.now(), through, machine: machineSeconds(), usage: design.usage?.() }
}

function between(start: Mark, end: Mark, inFlight: number, peakBytes: number | undefined): Saturation {
  const graded = end.through - start.through
  return {
    inFlight,
    graded,
    perMinute: (graded / (end.at - start.at)) * 60_000,
    secondsEach: (end.machine - start.machine) / graded,
    bytesPerSlot: peakBytes === undefined ? undefined : peakBytes / inFlight,
    ...(start.usage && end.usage && { usage: usageEach(start.usage, end.usage, graded) }),
  }
}

export function usageEach(from: Usage, to: Usage, graded: number): Usage {
  const boxes = Object.entries(to.boxes)
    .map(([role, seconds]): [string, number] => [role, (seconds - (from.boxes[role] ?? 0)) / graded])
    // Roles that only an earlier case had.
    .filter(([, seconds]) => seconds > 0)
  return { boxes: Object.fromEntries(boxes), worker: (to.worker - from.worker) / graded }
}
