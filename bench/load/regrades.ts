import Database from 'better-sqlite3'
import { Kysely } from 'kysely'
import type { Bundle } from '../../core/bundle.ts'
import type { Report } from '../../core/report.ts'
import { addGrading } from '../../server/store/gradings.ts'
import { createIds } from '../../server/store/ids.ts'
import { openSqliteStore } from '../../server/store/sqlite.ts'
import { StoreDialect } from '../../server/store/sqlite-dialect.ts'
import type { Store } from '../../server/store/store.ts'
import type { Tables } from '../../server/store/tables.ts'
import type { Tx } from '../../server/store/transaction.ts'
import type { HandIn } from './mix.ts'

/** Nobody of the rush. */
export const REGRADED_GROUP = 'last-term'

/**
 * Puts regrades into the line of a store that no server has open: submissions of an earlier term that have their verdict
 * and wait for another one. No route makes a regrade yet, so the store's own parts are put together here.
 */
export async function putRegrades(path: string, count: number, { bundles, handIns }: { bundles: Bundle[]; handIns: HandIn[] }) {
  const store = await openSqliteStore({ path })
  try {
    await store.publish(bundles)
    const judged: Awaited<ReturnType<typeof judge>>[] = []
    for (let n = 0; n < count; n++) judged.push(await judge(store, bundles, handIns[n % handIns.length]!, n))
    await regrade(path, judged)
  } finally {
    await store.close()
  }
}

async function judge(store: Store, bundles: Bundle[], { exercise, kind, runtime, files }: HandIn, n: number) {
  const { version, manifest } = bundles.find(each => each.slug === exercise)!
  const owner = `${REGRADED_GROUP}-learner-${n + 1}`
  const given = { owner, group: REGRADED_GROUP, slug: exercise, version, runtime, mode: 'submit', files, maxWaiting: Infinity } as const
  const accepted = await store.accept(given)
  if (!('submission' in accepted)) throw new Error(`a submission to regrade was not taken: ${accepted.result}`)
  const claim = (await store.claim(accepted.submission.gradingId, 'last-term'))!
  await store.recordReport(claim.gradingId, claim.token, {
    reportVersion: 1,
    exercise: { slug: exercise, version, title: manifest.title },
    kind: kind === 'endpoint with database' ? 'endpoint' : (kind as Report['kind']),
    runtime,
    sandboxRuntime: 'runc',
    mode: 'submit',
    seed: claim.seed,
    outcome: 'accepted',
    fault: 'none',
    score: { earned: 1, possible: 1 },
    tasks: [],
    tests: [],
    timings: {},
    images: {},
  } as unknown as Report)
  return { submissionId: accepted.submission.id, version, seed: claim.seed }
}

async function regrade(path: string, judged: readonly { submissionId: string; version: string; seed: number }[]): Promise<void> {
  const db = new Kysely<Tables>({ dialect: new StoreDialect(new Database(path)) })
  const newId = createIds(() => new Date())
  try {
    await db.transaction().execute(async transaction => {
      const tx: Tx = { db: transaction, at: new Date().toISOString(), newId, touched: new Set(), lineMoved: false }
      for (const each of judged) await addGrading(tx, { ...each, reason: 'regrade', round: 1 })
    })
  } finally {
    await db.destroy()
  }
}
