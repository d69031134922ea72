/** A clock that a test moves by hand. */
export function createClock(start = '2026-11-21T12:00:00.000Z'): {
  now: () => Date
  pass: (ms: number) => void
  ago: (ms: number) => string
} {
  let time = Date.parse(start)
  return {
    now: () => new Date(time),
    pass: ms => void (time += ms),
    ago: ms => new Date(time - ms).toISOString(),
  }
}
