const KiB = 1024
const MiB = 1024 * KiB

/*
 * What an answer may be at most. The other end is a learner's program and may send anything; the examiner's box has 512 MiB.
 * Above a cap the request fails with a sentence of its own (http-failure.ts, read-json.ts): the test fails, the grading goes on.
 * What has no count here (how slowly, how long, how many chunks) is ended by the test's time.
 */
export const CAPS = {
  /** "the headers of the answer are larger than 32 KiB"; the same for its trailers. */
  headerBytes: 32 * KiB,
  /** "the answer has more than 200 headers"; the same for its trailers. */
  headers: 200,
  /** "more than 20 informational (1xx) answers came before the real one" */
  informational: 20,
  /** "the body of the answer is larger than 8 MiB" */
  bodyBytes: 8 * MiB,
  /** "the answers of this test are larger than 32 MiB together": what was unpacked counts, too. */
  bodyBytesOfTest: 32 * MiB,
  /** "the unpacked body is larger than 8 MiB" */
  unpackedBytes: 8 * MiB,
  /** "the body unpacks to more than 200 times its size"; what unpacks to less than a MiB may. */
  unpackedRatio: 200,
  unpackedFreely: MiB,
  /** "the answer has more than 2 content encodings" */
  contentEncodings: 2,
  /** "the body is nested more than 200 levels deep": reading into it would fill the stack. */
  jsonDepth: 200,
  /**
   * "this test has read more than a million JSON values": all its answers together. Parsed, a value takes up to 70 bytes, and
   * up to three times that while it is.
   */
  jsonValuesOfTest: 1_000_000,
  /**
   * Requests beyond wait until others are done. A line takes 128 streams: twice this many, since news that a stream is done may
   * come behind the one that takes its place, and the program's database sessions.
   */
  atOnce: 48,
  /** "this test has sent more than 10000 requests": a test that asks until it hears what it wants would go on. */
  requestsOfTest: 10_000,
} as const

/** What is left of the caps that a whole test shares. */
export type Allowance = { bytes: number; jsonValues: number; requests: number }

export function newAllowance(): Allowance {
  return { bytes: CAPS.bodyBytesOfTest, jsonValues: CAPS.jsonValuesOfTest, requests: CAPS.requestsOfTest }
}
