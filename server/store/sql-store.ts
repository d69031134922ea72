import { sql, type Kysely } from 'kysely'
import type { Report } from '../../core/report.ts'
import { keepTests, listVersions, publish, readBundle, readTests } from './exercise-versions.ts'
import { listGradings } from './gradings.ts'
import { createIds } from './ids.ts'
import { counts, dispatch, listDispatched, undispatch } from './line.ts'
import { prune, pruneWorkers } from './prune.ts'
import type { Hints, Store, SubmissionEvent } from './store.ts'
import { byIdempotencyKey, listSubmissions, readSubmission } from './read-submissions.ts'
import { accept, cancel, requeue } from './submissions.ts'
import type { Tables } from './tables.ts'
import { addToken, findToken, listTokens, revokeToken } from './tokens.ts'
import type { Tx } from './transaction.ts'
import { claim, giveBack, readFiles, recordEvents, recordReport } from './verdicts.ts'
import { WaitingLine } from './waiting-line.ts'
import { heartbeat, listWorkers, returnLost } from './workers.ts'

type Options = {
  db: Kysely<Tables>
  hints: Hints
  now: () => Date
  /** What each dialect does in its own way. */
  backup: (to: string) => Promise<void>
}

const EVENTS_AT_A_TIME = 1000
const WORKERS_REMEMBERED_MS = 24 * 60 * 60 * 1000

/** The store on any SQL database that kysely speaks: each method one transaction, hints after it is committed. */
export function createSqlStore({ db, hints, now, backup }: Options): Store {
  const newId = createIds(now)
  const line = new WaitingLine(db, now)

  async function transact<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    const news: Pick<Tx, 'touched' | 'lineMoved'> = { touched: new Set(), lineMoved: false }
    const result = await db.transaction().execute(async transaction => {
      const tx: Tx = { ...news, db: transaction, at: now().toISOString(), newId }
      const value = await work(tx)
      news.lineMoved = tx.lineMoved
      return value
    })
    for (const submissionId of news.touched) hints.eventsAdded(submissionId)
    if (news.lineMoved) {
      line.moved()
      hints.lineMoved()
    }
    return result
  }

  return {
    accept: submission => transact(tx => accept(tx, submission)),
    cancel: submissionId => transact(tx => cancel(tx, submissionId)),
    requeue: submissionId => transact(tx => requeue(tx, submissionId)),

    submission: id => readSubmission(db, id),
    submissions: (filter, page) => listSubmissions(db, filter, page),
    byIdempotencyKey: (owner, key) => byIdempotencyKey(db, owner, key),
    files: async submissionId => {
      const files = await readFiles(db, submissionId)
      return Object.keys(files).length === 0 ? undefined : files
    },
    gradings: submissionId => listGradings(db, submissionId),
    report: async gradingId => {
      const row = await db.selectFrom('gradings').select('report_json').where('id', '=', gradingId).executeTakeFirst()
      return row?.report_json ? (JSON.parse(row.report_json) as Report) : undefined
    },
    readEvents: async (submissionId, afterId, limit = EVENTS_AT_A_TIME) => {
      const rows = await db
        .selectFrom('events')
        .select(['id', 'at', 'event_json'])
        .where('submission_id', '=', submissionId)
        .where('id', '>', afterId)
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map(row => ({ id: row.id, at: row.at, event: JSON.parse(row.event_json) as SubmissionEvent }))
    },
    placeInLine: submissionId => line.place(submissionId),
    counts: () => counts(db),

    publish: bundles => transact(tx => publish(tx, bundles)),
    exerciseVersions: () => listVersions(db),
    bundle: version => readBundle(db, version),
    tests: version => readTests(db, version),
    keepTests: (version, tests) => transact(tx => keepTests(tx, version, tests)),

    addToken: token => transact(tx => addToken(tx, token)),
    findToken: token => findToken(db, token),
    tokens: () => listTokens(db),
    revokeToken: id => transact(tx => revokeToken(tx, id)),

    next: (count, behind) => line.next(count, behind),
    dispatch: async gradingIds => {
      const taken = await transact(tx => dispatch(tx, gradingIds))
      line.dispatched(taken.map(each => each.gradingId))
      return taken
    },
    undispatch: async gradingIds => line.undispatched(await transact(tx => undispatch(tx, gradingIds))),
    dispatched: before => listDispatched(db, before),

    claim: async (gradingId, workerId) => {
      const claimed = await transact(tx => claim(tx, gradingId, workerId))
      // No news for the dispatcher, but everybody behind it moves up.
      if (claimed) line.moved()
      return claimed
    },
    recordEvents: (gradingId, token, events) => transact(tx => recordEvents(tx, gradingId, token, events)),
    recordReport: (gradingId, token, report, events) => transact(tx => recordReport(tx, gradingId, token, report, events)),
    giveBack: (gradingId, token, reason, message) => transact(tx => giveBack(tx, gradingId, token, reason, message)),
    heartbeat: (workerId, beat) => transact(tx => heartbeat(tx, workerId, beat)),
    workers: () => listWorkers(db),
    returnLost: silentSince => transact(tx => returnLost(tx, silentSince)),

    ping: async () => void (await sql`select 1`.execute(db)),
    backup,
    prune: async before => {
      const submissions = await prune(transact, before)
      await transact(tx => pruneWorkers(tx, new Date(now().getTime() - WORKERS_REMEMBERED_MS).toISOString()))
      return { submissions }
    },
    close: () => db.destroy(),
  }
}
