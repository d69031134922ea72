import * as fc from 'fast-check'
import { TARGETS } from './targets.ts'

/** What came of a reader so far. */
export type Account = { name: string; cases: number; ms: number; grownBytes: number; peakBytes: number; fault?: string }

/** Heap that may be left over: caches that fill once. A leak of a hundred bytes a case would show. */
const MAY_GROW = 24 * 1024 ** 2
/** The largest case is a few KiB; no reader needs more than this over what the process began with. */
const MAY_PEAK_MIB = 450

const [name, runs, seed] = process.argv.slice(2) as [string, string, string]
const { cases, read, close, mayPeak = MAY_PEAK_MIB } = TARGETS.find(target => target.name === name)!
const began = performance.now()
const account: Account = { name, cases: 0, ms: 0, grownBytes: 0, peakBytes: 0 }
let before = 0

try {
  await fc.assert(
    fc.asyncProperty(cases, async value => {
      await read(value)
      // The first cases load code and fill caches.
      if (++account.cases === 500) before = heapUsed()
      account.peakBytes = Math.max(account.peakBytes, process.memoryUsage.rss())
      if (account.cases % 100 === 0) process.send!({ ...account, ms: performance.now() - began })
    }),
    { numRuns: Number(runs), seed: Number(seed) },
  )
  if (before > 0) account.grownBytes = Math.max(0, heapUsed() - before)
  if (account.grownBytes > MAY_GROW) account.fault = `its heap grew by ${account.grownBytes} bytes in ${runs} cases`
  if (account.peakBytes > mayPeak * 1024 ** 2) account.fault = `its process took ${account.peakBytes} bytes`
} catch (error) {
  account.fault = (error as Error).message
}
await close?.()
process.send!({ ...account, ms: performance.now() - began }, () => process.exit(0))

function heapUsed(): number {
  globalThis.gc!()
  return process.memoryUsage().heapUsed
}
