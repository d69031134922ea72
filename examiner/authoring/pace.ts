import type { Pace as Measured } from '../../core/pace.ts'
import type { Http } from './http.ts'

/** How fast the program is beside the exercise's own solution (endpoint with `reference` in exercise.yaml). */
export type Pace = {
  /**
   * Has the reference and the program do the same in turns, and fails the test when the program was more than `factor` times as slow
   * in every round: `await pace.compare(http => lookUp(http), { factor: 5 })`.
   *
   * `act(http)` makes requests by the `http` that it is given, one after the other and of one kind, and should check their answers. A round's figure is
   * the lower quartile of its requests' times in milliseconds (of five, the second fastest), from opening the connection to the last byte of the answer. With `atOnce` (2 to
   * 40) the function is called that many times side by side, with `at` from 0 on, and the figure is the requests that were answered per
   * second, all calls together. `random` draws the same in both calls of a round.
   *
   * Both run `prepare` and `act` once untimed, then `rounds` rounds (5 to 20) begin. The reference goes first in one and last in the next. While
   * it works, the program and its database are held still. It is as new as the program was before this file (with `isolation:
   * test`, this test): what both must hold belongs into `prepare`, not into requests by the test's own `http`.
   *
   * Gives the figures, the verdict among them: `within` (no round beyond the factor) or `inconclusive` (some were; the test goes on). Throws
   * RangeError for a factor below 2 or fewer than 5 rounds. What `act` throws fails the test; when it is thrown for the reference, or the reference takes so much
   * of the test's time that a program within the factor can't end in it, the exercise is at fault and the grading ends as grader_error. At most 4 comparisons in a test.
   */
  compare: (act: (http: PaceHttp, at: number) => unknown, options: PaceOptions) => Promise<Measured>
}

export type PaceHttp = Pick<Http, 'request' | 'get' | 'post' | 'put' | 'patch' | 'delete'>

export type PaceOptions = {
  /** How many times as slow as the reference the program may be; 2 at least. */
  factor: number
  /** By default 5. */
  rounds?: number
  /** Calls of `act` that are under way together; by default 1, which measures the time of a request instead. */
  atOnce?: number
  /** Run once for each of the two before anything is measured. */
  prepare?: (http: PaceHttp) => unknown
}
