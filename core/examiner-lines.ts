/** How long the lines of core/examiner-protocol.ts may be, and all of them together; whoever sends more is cut off. */
export const EXAMINER_LINES = { maxLine: 1024 * 1024, maxTotal: 64 * 1024 * 1024 }
/** What the worker sends may be larger: a bundle travels as one line. */
export const WORKER_LINES = { maxLine: 64 * 1024 * 1024, maxTotal: 512 * 1024 * 1024 }
