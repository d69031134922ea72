/** The learner's program as a process. */
export type Program = {
  /**
   * Sends SIGTERM, as whoever deploys a new version does, and resolves once the program has ended: with `code` (its exit code, null
   * when a signal ended it), `signal` (that signal's name, else null) and `afterMs` (milliseconds from the signal to the news of its
   * end, a few of which are the way there and back). Requests under way go on meanwhile. Its end is then no runtime_error: the test
   * judges it. Fails the test when the program still runs after `withinMs` (by default 5000).
   * The next test finds the program started anew, and the database as well, unless this one has called `start`.
   */
  stop: (options?: { withinMs?: number }) => Promise<ProgramStop>
  /**
   * Starts it again, on the database as it stands; resolves once it listens. What it wrote to its own disk is gone, as in a box of
   * a new version. A program that still runs is killed first.
   */
  start: () => Promise<void>
}

export type ProgramStop = { code: number | null; signal: string | null; afterMs: number }
