import { openSqliteStore } from '../../../server/store/sqlite.ts'
import { newSubmission, SAMPLE } from '../store/samples.ts'

/** A server that is killed between the store and the queue: one row accepted, one marked as dispatched, neither in the queue. */
const store = await openSqliteStore({ path: process.argv[2]! })
await store.publish([SAMPLE])
await store.accept(newSubmission())
const second = await store.accept(newSubmission())
if ('submission' in second) await store.dispatch([second.submission.gradingId])
console.log('accepted')
setInterval(() => {}, 60_000)
