import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WORKER_SILENT_MS } from '../../../core/worker-api.ts'
import type { Hints, Store } from '../../../server/store/store.ts'
import { createClock } from '../../support/clock.ts'
import { heartbeatOf, newSubmission, reportOf, SAMPLE, SAMPLE_TESTS, sampleBundle } from './samples.ts'

export type OpenStore = (options: { now: () => Date; hints: Hints }) => Promise<{ store: Store; dispose: () => Promise<void> }>

/** What every store must do. `open` gives a new, empty one. */
/** By then a forecast is made anew, if the last one took less than a twentieth of it. */
const FORECASTS_AGE_MS = 500

export function storeContract(name: string, open: OpenStore): void {
  describe(`${name} as a store`, () => {
    let store: Store
    let dispose: () => Promise<void>
    let clock: ReturnType<typeof createClock>
    let hinted: string[]

    beforeEach(async () => {
      clock = createClock()
      hinted = []
      const hints: Hints = { eventsAdded: id => void hinted.push(id), lineMoved: () => void hinted.push('line') }
      ;({ store, dispose } = await open({ now: clock.now, hints }))
      await store.publish([SAMPLE])
    })

    afterEach(() => dispose())

    async function accept(given: Parameters<typeof newSubmission>[0] = {}) {
      const accepted = await store.accept(newSubmission(given))
      if (!('submission' in accepted)) throw new Error(`expected it to be accepted, got ${accepted.result}`)
      clock.pass(1)
      return accepted.submission
    }

    async function claimed(given: Parameters<typeof newSubmission>[0] = {}, workerId = 'worker-1') {
      const submission = await accept(given)
      const claim = await store.claim(submission.gradingId, workerId)
      clock.pass(1)
      return { submission, claim: claim! }
    }

    const eventsOf = async (id: string) => (await store.readEvents(id, 0)).map(each => each.event.type)
    const stateOf = async (id: string) => {
      const { state, outcome } = (await store.submission(id))!
      return outcome ? `${state} ${outcome}` : state
    }

    describe('taking in', () => {
      test('a submission is queued with its files, a waiting grading and an event', async () => {
        const submission = await accept()
        expect(submission).toEqual({
          id: expect.stringMatching(/^sub_[0-9a-z]{26}$/),
          owner: 'ada',
          group: 'class-1',
          slug: 'sum-api',
          runtime: 'node',
          mode: 'submit',
          state: 'queued',
          outcome: null,
          score: null,
          gradingId: expect.stringMatching(/^grd_[0-9a-z]{26}$/),
          version: SAMPLE.version,
          createdAt: '2026-11-21T12:00:00.000Z',
          finishedAt: null,
        })
        expect(await store.submission(submission.id)).toEqual(submission)
        expect(await store.files(submission.id)).toEqual(newSubmission().files)
        expect(await store.gradings(submission.id)).toMatchObject([
          { id: submission.gradingId, reason: 'first', state: 'waiting', token: 0 },
        ])
        expect(await store.readEvents(submission.id, 0)).toEqual([
          { id: 1, at: '2026-11-21T12:00:00.000Z', event: { type: 'queued', reason: 'first' } },
        ])
        expect(hinted).toEqual([submission.id, 'line'])
      })

      test('the same idempotency key gives the same submission, with another request it is refused, of another owner it is free', async () => {
        const idempotency = { key: 'k1', requestHash: 'h1' }
        const first = await accept({ idempotency })
        expect(await store.accept(newSubmission({ idempotency }))).toEqual({ result: 'repeated', submission: first })
        expect(await store.accept(newSubmission({ idempotency: { key: 'k1', requestHash: 'h2' } }))).toEqual({ result: 'key_reused' })
        expect((await accept({ owner: 'bob', idempotency })).id).not.toBe(first.id)
      })

      test('a key is found with the request that it came with, by its owner alone', async () => {
        const submission = await accept({ idempotency: { key: 'k1', requestHash: 'h1' } })
        await accept({ idempotency: { key: 'k2', requestHash: 'h2' } })
        await accept()
        expect(await store.byIdempotencyKey(submission.owner, 'k1')).toEqual({ submission, requestHash: 'h1' })
        expect(await store.byIdempotencyKey(submission.owner, 'k3')).toBeUndefined()
        expect(await store.byIdempotencyKey('bob', 'k1')).toBeUndefined()
      })

      test('two at once with one key make one submission', async () => {
        const idempotency = { key: 'k1', requestHash: 'h1' }
        const both = await Promise.all([store.accept(newSubmission({ idempotency })), store.accept(newSubmission({ idempotency }))])
        expect(both.map(each => each.result).sort()).toEqual(['accepted', 'repeated'])
        expect((await store.counts()).waiting).toBe(1)
      })

      test('above the limit on waiting nothing is taken in, and a repeated request is still answered', async () => {
        const idempotency = { key: 'k1', requestHash: 'h1' }
        await accept({ idempotency })
        expect(await store.accept(newSubmission({ maxWaiting: 1 }))).toEqual({ result: 'line_full', waiting: 1 })
        expect(await store.accept(newSubmission({ maxWaiting: 1, idempotency }))).toMatchObject({ result: 'repeated' })
        expect((await store.counts()).waiting).toBe(1)
      })

      test('a submission of an unknown exercise version is not kept', async () => {
        await expect(store.accept(newSubmission({ version: 'f'.repeat(64) }))).rejects.toThrow()
        expect((await store.submissions({}, { limit: 10 })).items).toEqual([])
        expect(hinted).toEqual([])
      })
    })

    describe('reading', () => {
      test('lists newest first, in pages, by any filter', async () => {
        const ids: string[] = []
        for (const owner of ['ada', 'bob', 'ada', 'ada'])
          ids.unshift((await accept({ owner, group: owner === 'bob' ? 'class-2' : 'class-1' })).id)
        const first = await store.submissions({}, { limit: 3 })
        expect(first.items.map(each => each.id)).toEqual(ids.slice(0, 3))
        const second = await store.submissions({}, { limit: 3, cursor: first.nextCursor! })
        expect(second).toMatchObject({ items: [{ id: ids[3] }], nextCursor: null })
        const count = async (filter: Parameters<Store['submissions']>[0]) => (await store.submissions(filter, { limit: 9 })).items.length
        expect(await count({ owner: 'ada' })).toBe(3)
        expect(await count({ group: 'class-2' })).toBe(1)
        expect(await count({ slug: 'sum-api', state: 'queued' })).toBe(4)
        expect(await count({ slug: 'other' })).toBe(0)
        expect(await count({ outcome: 'accepted' })).toBe(0)
      })

      test('events are read on from any of them', async () => {
        const { submission, claim } = await claimed()
        await store.recordEvents(claim.gradingId, claim.token, [
          { type: 'progress', phase: 'testing' },
          { type: 'test', done: 1, total: 2 },
        ])
        const rest = await store.readEvents(submission.id, 2)
        expect(rest.map(each => [each.id, each.event])).toEqual([
          [3, { type: 'progress', phase: 'testing' }],
          [4, { type: 'test', done: 1, total: 2 }],
        ])
        expect(await store.readEvents(submission.id, 4)).toEqual([])
        expect(await store.readEvents(submission.id, 0, 1)).toHaveLength(1)
      })

      test('what is not there is undefined', async () => {
        expect(await store.submission('sub_none')).toBeUndefined()
        expect(await store.files('sub_none')).toBeUndefined()
        expect(await store.report('grd_none')).toBeUndefined()
        expect(await store.placeInLine('sub_none')).toBeUndefined()
        expect(await store.gradings('sub_none')).toEqual([])
        expect(await store.cancel('sub_none')).toBe('unknown')
        expect(await store.requeue('sub_none')).toBe('unknown')
        expect(await store.claim('grd_none', 'worker-1')).toBeUndefined()
      })
    })

    describe('grading', () => {
      test('a claim hands out everything that a worker needs, once', async () => {
        await store.keepTests(SAMPLE.version, SAMPLE_TESTS)
        const { submission, claim } = await claimed()
        expect(claim).toEqual({
          gradingId: submission.gradingId,
          submissionId: submission.id,
          token: 1,
          slug: 'sum-api',
          version: SAMPLE.version,
          tests: SAMPLE_TESTS,
          runtime: 'node',
          mode: 'submit',
          reason: 'first',
          seed: expect.any(Number),
          files: newSubmission().files,
        })
        expect(await stateOf(submission.id)).toBe('running')
        expect(await store.claim(claim.gradingId, 'worker-2')).toBeUndefined()
        expect(await eventsOf(submission.id)).toEqual(['queued', 'started'])
      })

      test('of many claims at once one wins', async () => {
        const { gradingId } = await accept()
        const claims = await Promise.all(['w1', 'w2', 'w3'].map(worker => store.claim(gradingId, worker)))
        expect(claims.filter(Boolean)).toHaveLength(1)
      })

      test('a report finishes the submission with its outcome and score', async () => {
        const { submission, claim } = await claimed()
        hinted = []
        const report = reportOf(claim, 'wrong_answer')
        expect(await store.recordReport(claim.gradingId, claim.token, report)).toBe('recorded')
        expect(await store.submission(submission.id)).toMatchObject({
          state: 'finished',
          outcome: 'wrong_answer',
          score: { earned: 1, possible: 3 },
          finishedAt: clock.now().toISOString(),
        })
        expect(await store.report(claim.gradingId)).toEqual(report)
        expect((await store.readEvents(submission.id, 2)).map(each => each.event)).toEqual([
          { type: 'finished', outcome: 'wrong_answer', score: { earned: 1, possible: 3 } },
        ])
        expect(hinted).toEqual([submission.id, 'line'])
      })

      test('events that come with a report stand before the verdict, once', async () => {
        const { submission, claim } = await claimed()
        const events = [{ type: 'started' } as const, { type: 'test', done: 2, total: 2 } as const]
        await store.recordReport(claim.gradingId, claim.token, reportOf(claim, 'accepted'), events)
        await store.recordReport(claim.gradingId, claim.token, reportOf(claim, 'accepted'), events)
        expect(await eventsOf(submission.id)).toEqual(['queued', 'started', 'test', 'finished'])
      })

      test('the same report delivered twice is one outcome', async () => {
        const { submission, claim } = await claimed()
        await store.recordReport(claim.gradingId, claim.token, reportOf(claim, 'accepted'))
        expect(await store.recordReport(claim.gradingId, claim.token, reportOf(claim, 'accepted'))).toBe('already_recorded')
        expect(await store.recordReport(claim.gradingId, claim.token, reportOf(claim, 'wrong_answer'))).toBe('already_recorded')
        expect(await stateOf(submission.id)).toBe('finished accepted')
        expect(await eventsOf(submission.id)).toEqual(['queued', 'started', 'finished'])
      })

      test('a stale report after a newer claim is superseded, before and after the newer one reports', async () => {
        const { submission, claim: stale } = await claimed()
        clock.pass(WORKER_SILENT_MS + 1)
        expect(await store.returnLost(clock.ago(WORKER_SILENT_MS))).toBe(1)
        const claim = (await store.claim(stale.gradingId, 'worker-2'))!
        expect(claim).toMatchObject({ token: 2, seed: stale.seed })
        expect(await store.recordReport(stale.gradingId, stale.token, reportOf(stale, 'wrong_answer'))).toBe('superseded')
        expect(await store.recordEvents(stale.gradingId, stale.token, [{ type: 'progress', phase: 'testing' }])).toBe('superseded')
        expect(await store.giveBack(stale.gradingId, stale.token, 'shutdown')).toBe('superseded')
        expect(await store.recordReport(claim.gradingId, claim.token, reportOf(claim, 'accepted'))).toBe('recorded')
        expect(await store.recordReport(stale.gradingId, stale.token, reportOf(stale, 'wrong_answer'))).toBe('superseded')
        expect(await stateOf(submission.id)).toBe('finished accepted')
        expect((await eventsOf(submission.id)).filter(type => type === 'finished')).toHaveLength(1)
      })

      test('a report of a worker thought lost counts as long as nobody has claimed after it', async () => {
        const { submission, claim } = await claimed()
        clock.pass(WORKER_SILENT_MS + 1)
        await store.returnLost(clock.ago(WORKER_SILENT_MS))
        expect(await stateOf(submission.id)).toBe('queued')
        expect(await store.recordReport(claim.gradingId, claim.token, reportOf(claim, 'accepted'))).toBe('recorded')
        expect(await stateOf(submission.id)).toBe('finished accepted')
        expect(await store.claim(claim.gradingId, 'worker-2')).toBeUndefined()
      })

      test('a grader_error is graded once more with the same seed; the second one finishes the submission', async () => {
        const { submission, claim } = await claimed()
        await store.recordReport(claim.gradingId, claim.token, reportOf(claim, 'grader_error'))
        const between = (await store.submission(submission.id))!
        expect(between).toMatchObject({ state: 'queued', outcome: null, finishedAt: null })
        expect(between.gradingId).not.toBe(claim.gradingId)
        const second = (await store.claim(between.gradingId, 'worker-1'))!
        expect(second).toMatchObject({ reason: 'retry', seed: claim.seed, version: claim.version, token: 1 })
        await store.recordReport(second.gradingId, second.token, reportOf(second, 'grader_error'))
        expect(await stateOf(submission.id)).toBe('finished grader_error')
        expect(await eventsOf(submission.id)).toEqual(['queued', 'started', 'queued', 'started', 'finished'])
        expect(await store.counts()).toMatchObject({ graderErrors: 1, waiting: 0, running: 0 })
        expect(await store.gradings(submission.id)).toMatchObject([
          { reason: 'first', outcome: 'grader_error', counted: true, message: 'Sandbox image assay-node is not built' },
          { reason: 'retry', outcome: 'grader_error', counted: true },
        ])
      })

      test('a first grading was done with its pod’s seed, as its report says, and so is all that follows', async () => {
        const { submission, claim } = await claimed()
        const seed = claim.seed - 1
        await store.recordReport(claim.gradingId, claim.token, reportOf({ ...claim, seed }, 'grader_error'))
        expect(await store.gradings(submission.id)).toMatchObject([
          { reason: 'first', seed },
          { reason: 'retry', seed },
        ])
        const second = (await store.claim((await store.submission(submission.id))!.gradingId, 'worker-1'))!
        expect(second).toMatchObject({ reason: 'retry', seed })
        await store.recordReport(second.gradingId, second.token, reportOf(second, 'grader_error'))
        await store.requeue(submission.id)
        expect(await store.claim((await store.submission(submission.id))!.gradingId, 'worker-1')).toMatchObject({ seed })
      })

      test('only the report that counts says the seed', async () => {
        const { submission, claim: stale } = await claimed()
        const otherSeed = (claim: typeof stale, by: number) => reportOf({ ...claim, seed: claim.seed - by }, 'accepted')
        clock.pass(WORKER_SILENT_MS + 1)
        await store.returnLost(clock.ago(WORKER_SILENT_MS))
        const claim = (await store.claim(stale.gradingId, 'worker-2'))!
        expect(claim.seed).toBe(stale.seed)
        expect(await store.recordReport(stale.gradingId, stale.token, otherSeed(stale, 1))).toBe('superseded')
        expect(await store.gradings(submission.id)).toMatchObject([{ seed: stale.seed }])
        await store.recordReport(claim.gradingId, claim.token, otherSeed(claim, 2))
        expect(await store.recordReport(claim.gradingId, claim.token, otherSeed(claim, 3))).toBe('already_recorded')
        expect(await store.gradings(submission.id)).toMatchObject([{ seed: claim.seed - 2 }])
      })

      test('requeued by the operator, a dead letter has both its tries again, on the current version', async () => {
        const { submission, claim } = await claimed()
        expect(await store.requeue(submission.id)).toBe('not_a_grader_error')
        let { gradingId } = submission
        const fail = async () => {
          const next = (await store.claim(gradingId, 'worker-1')) ?? claim
          await store.recordReport(next.gradingId, next.token, reportOf(next, 'grader_error'))
          ;({ gradingId } = (await store.submission(submission.id))!)
        }
        await fail()
        await fail()
        expect(await stateOf(submission.id)).toBe('finished grader_error')
        const mended = sampleBundle('sum-api', 'two')
        await store.publish([mended])
        expect(await store.requeue(submission.id)).toBe('queued')
        expect(await store.submission(submission.id)).toMatchObject({
          state: 'queued',
          outcome: null,
          finishedAt: null,
          version: mended.version,
        })
        ;({ gradingId } = (await store.submission(submission.id))!)
        await fail()
        expect(await stateOf(submission.id)).toBe('queued')
        const last = (await store.claim(gradingId, 'worker-1'))!
        expect(last.seed).toBe(claim.seed)
        await store.recordReport(last.gradingId, last.token, reportOf(last, 'accepted'))
        expect(await stateOf(submission.id)).toBe('finished accepted')
        expect((await store.counts()).graderErrors).toBe(0)
      })

      test('handed back at a shutdown, the same grading waits again', async () => {
        const { submission, claim } = await claimed()
        expect(await store.giveBack(claim.gradingId, claim.token, 'shutdown')).toBe('given_back')
        expect(await stateOf(submission.id)).toBe('queued')
        expect(await store.claim(claim.gradingId, 'worker-2')).toMatchObject({ token: 2, reason: 'first', seed: claim.seed })
      })

      test('given back because the engine is away it ends uncounted, and the retry that is due is still due', async () => {
        const { submission, claim } = await claimed()
        expect(await store.giveBack(claim.gradingId, claim.token, 'engine_away', 'dockerd is gone')).toBe('given_back')
        expect(await stateOf(submission.id)).toBe('queued')
        const [ended] = await store.gradings(submission.id)
        expect(ended).toMatchObject({ state: 'finished', outcome: 'grader_error', counted: false, message: 'dockerd is gone' })
        const second = (await store.claim((await store.submission(submission.id))!.gradingId, 'worker-1'))!
        expect(second).toMatchObject({ reason: 'retry', seed: claim.seed })
        await store.recordReport(second.gradingId, second.token, reportOf(second, 'grader_error'))
        expect(await stateOf(submission.id)).toBe('queued')
        expect(await store.recordReport(claim.gradingId, claim.token, reportOf(claim, 'accepted'))).toBe('superseded')
      })
    })

    describe('cancelling', () => {
      test('a queued one ends at once and is never claimed', async () => {
        const submission = await accept()
        expect(await store.cancel(submission.id)).toBe('cancelled')
        expect(await stateOf(submission.id)).toBe('cancelled cancelled')
        expect(await store.claim(submission.gradingId, 'worker-1')).toBeUndefined()
        expect(await store.cancel(submission.id)).toBe('already_over')
        expect(await eventsOf(submission.id)).toEqual(['queued', 'finished'])
        expect(await store.counts()).toMatchObject({ waiting: 0 })
      })

      test('of a running one the worker is told, and a late report is ignored', async () => {
        const { submission, claim } = await claimed()
        expect(await store.cancel(submission.id)).toBe('cancelled')
        const beat = heartbeatOf({ gradings: [{ id: claim.gradingId, token: claim.token }] })
        expect(await store.heartbeat('worker-1', beat)).toEqual({ stop: [claim.gradingId] })
        expect(await store.recordEvents(claim.gradingId, claim.token, [{ type: 'progress', phase: 'testing' }])).toBe('superseded')
        expect(await store.recordReport(claim.gradingId, claim.token, reportOf(claim, 'accepted'))).toBe('superseded')
        expect(await stateOf(submission.id)).toBe('cancelled cancelled')
        expect(await store.report(claim.gradingId)).toBeUndefined()
      })

      test('a finished one stays as it is', async () => {
        const { submission, claim } = await claimed()
        await store.recordReport(claim.gradingId, claim.token, reportOf(claim, 'accepted'))
        expect(await store.cancel(submission.id)).toBe('already_over')
        expect(await stateOf(submission.id)).toBe('finished accepted')
      })
    })

    describe('workers', () => {
      const holding = (claim: { gradingId: string; token: number }) =>
        heartbeatOf({ gradings: [{ id: claim.gradingId, token: claim.token }] })

      test('a heartbeat is kept with its time', async () => {
        const beat = heartbeatOf({ slots: 3 })
        await store.heartbeat('worker-1', beat)
        await store.heartbeat('worker-1', beat)
        expect(await store.workers()).toEqual([{ id: 'worker-1', seenAt: clock.now().toISOString(), heartbeat: beat }])
      })

      test('a worker that still beats and lists its grading keeps it, however long it takes', async () => {
        const { submission, claim } = await claimed()
        for (let beats = 0; beats < 20; beats++) {
          clock.pass(2000)
          expect(await store.heartbeat('worker-1', holding(claim))).toEqual({ stop: [] })
          expect(await store.returnLost(clock.ago(WORKER_SILENT_MS))).toBe(0)
        }
        expect(await stateOf(submission.id)).toBe('running')
      })

      test('a grading that its worker no longer lists goes back to the line; a claim of just now is not missed', async () => {
        const { submission, claim } = await claimed()
        await store.heartbeat('worker-1', heartbeatOf())
        expect(await stateOf(submission.id)).toBe('running')
        clock.pass(10_000)
        await store.heartbeat('worker-2', heartbeatOf())
        expect(await stateOf(submission.id)).toBe('running')
        await store.heartbeat('worker-1', heartbeatOf())
        expect(await stateOf(submission.id)).toBe('queued')
        expect(await store.claim(claim.gradingId, 'worker-2')).toMatchObject({ token: 2 })
      })

      test('a grading that somebody claimed later is to be stopped, and so is one that nobody knows', async () => {
        const { claim } = await claimed()
        await store.giveBack(claim.gradingId, claim.token, 'shutdown')
        await store.claim(claim.gradingId, 'worker-2')
        const beat = heartbeatOf({
          gradings: [
            { id: claim.gradingId, token: 1 },
            { id: 'grd_none', token: 1 },
          ],
        })
        expect(await store.heartbeat('worker-1', beat)).toEqual({ stop: [claim.gradingId, 'grd_none'] })
      })

      test('a claim is a sign of life, though the worker’s last heartbeat is old', async () => {
        await store.heartbeat('worker-1', heartbeatOf())
        clock.pass(WORKER_SILENT_MS + 1)
        const { submission } = await claimed()
        expect(await store.returnLost(clock.ago(WORKER_SILENT_MS))).toBe(0)
        expect(await stateOf(submission.id)).toBe('running')
      })

      test('a grading whose workers keep vanishing is tried twice, then it is a dead letter', async () => {
        const { submission, claim } = await claimed()
        const vanish = async () => {
          clock.pass(WORKER_SILENT_MS + 1)
          expect(await store.returnLost(clock.ago(WORKER_SILENT_MS))).toBe(1)
        }
        await vanish()
        const second = (await store.claim(claim.gradingId, 'worker-2'))!
        await vanish()
        expect(await stateOf(submission.id)).toBe('finished grader_error')
        expect(await store.recordReport(claim.gradingId, second.token, reportOf(claim, 'accepted'))).toBe('superseded')
        expect((await store.gradings(submission.id))[0]!.message).toContain('2 workers vanished')
        expect(await store.requeue(submission.id)).toBe('queued')
      })
    })

    describe('the line', () => {
      test('gives the next, owners and groups in turn, without what is in flight', async () => {
        const one = await accept()
        const two = await accept()
        const three = await accept()
        const other = await accept({ owner: 'bob', group: 'class-2' })
        await store.claim(one.gradingId, 'worker-1')
        const next = async (count: number) => (await store.next(count, count)).map(each => each.gradingId)
        expect(await next(2)).toEqual([other.gradingId, two.gradingId])
        expect(await next(9)).toEqual([other.gradingId, two.gradingId, three.gradingId])
        expect(await store.next(1, 1)).toEqual([{ gradingId: other.gradingId, token: 0, owner: 'bob', group: 'class-2', behind: false }])
      })

      test('who was dispatched has had a turn, and who came back from the queue has not', async () => {
        const ada = [await accept(), await accept(), await accept()]
        const bob = await accept({ owner: 'bob' })
        const next = async () => (await store.next(1, 1))[0]!.gradingId
        expect(await next()).toBe(ada[0]!.gradingId)
        await store.dispatch([ada[0]!.gradingId])
        expect(await next()).toBe(bob.gradingId)
        await store.undispatch([ada[0]!.gradingId])
        expect(await next()).toBe(ada[0]!.gradingId)
      })

      test('dispatching takes only what still waits', async () => {
        const one = await accept()
        const two = await accept()
        expect(await store.dispatch([one.gradingId])).toEqual([{ gradingId: one.gradingId, token: 0 }])
        expect(await store.dispatch([one.gradingId, two.gradingId, 'grd_none'])).toEqual([{ gradingId: two.gradingId, token: 0 }])
        expect(await store.counts()).toMatchObject({ waiting: 0, dispatched: 2 })
        expect(await store.dispatched(clock.now().toISOString())).toEqual([
          { gradingId: one.gradingId, token: 0 },
          { gradingId: two.gradingId, token: 0 },
        ])
        expect(await store.dispatched(clock.ago(1000))).toEqual([])
      })

      test('going back from the queue leaves claimed ones alone', async () => {
        const one = await accept()
        const two = await accept()
        await store.dispatch([one.gradingId, two.gradingId])
        await store.claim(one.gradingId, 'worker-1')
        await store.undispatch([one.gradingId, two.gradingId])
        expect(await store.counts()).toMatchObject({ waiting: 1, dispatched: 0, running: 1 })
      })

      test('of two dispatchers at once each grading is given to one', async () => {
        const ids = await Promise.all(Array.from({ length: 5 }, async () => (await accept()).gradingId))
        const [one, other] = await Promise.all([store.dispatch(ids), store.dispatch(ids)])
        expect([...one, ...other].map(each => each.gradingId).sort()).toEqual(ids.sort())
      })

      test('a place counts what goes before: the queue, and of every other owner as many as of one’s own', async () => {
        const hundred = [await accept(), await accept(), await accept(), await accept()]
        const mine = await accept({ owner: 'bob' })
        const mineToo = await accept({ owner: 'bob' })
        const position = async (id: string) => {
          clock.pass(FORECASTS_AGE_MS)
          return (await store.placeInLine(id))!.position
        }
        expect(await Promise.all(hundred.map(each => position(each.id)))).toEqual([1, 3, 5, 6])
        expect(await position(mine.id)).toBe(2)
        expect(await position(mineToo.id)).toBe(4)
        await store.dispatch([hundred[0]!.gradingId])
        expect(await position(hundred[0]!.id)).toBe(1)
        expect(await position(mine.id)).toBe(2)
        // The queue keeps its order; what comes back has its old place.
        await store.dispatch([mine.gradingId])
        await store.claim(hundred[0]!.gradingId, 'worker-1')
        expect(await position(mine.id)).toBe(1)
        await store.undispatch([mine.gradingId])
        expect(await position(mine.id)).toBe(1)
        expect(await position(hundred[1]!.id)).toBe(2)
      })

      test('the wait is unknown without a worker, and else follows what gradings took lately', async () => {
        const { claim } = await claimed()
        clock.pass(9_999)
        await store.recordReport(claim.gradingId, claim.token, reportOf(claim, 'accepted'))
        const first = await accept()
        const second = await accept()
        expect(await store.placeInLine(first.id)).toEqual({ position: 1, estimatedWaitSeconds: null })
        await store.heartbeat('worker-1', heartbeatOf({ slots: 1 }))
        clock.pass(FORECASTS_AGE_MS)
        expect(await store.placeInLine(first.id)).toEqual({ position: 1, estimatedWaitSeconds: 0 })
        expect(await store.placeInLine(second.id)).toEqual({ position: 2, estimatedWaitSeconds: 10 })
        clock.pass(FORECASTS_AGE_MS)
        await store.claim(first.gradingId, 'worker-1')
        expect(await store.placeInLine(first.id)).toBeUndefined()
        expect(await store.placeInLine(second.id)).toEqual({ position: 1, estimatedWaitSeconds: 10 })
        clock.pass(WORKER_SILENT_MS + 1)
        expect(await store.placeInLine(second.id)).toEqual({ position: 1, estimatedWaitSeconds: null })
      })
    })

    describe('exercises', () => {
      test('publishing replaces the offered versions; what is still needed stays', async () => {
        await accept()
        const next = sampleBundle('sum-api', 'two')
        const other = sampleBundle('other-api')
        await store.publish([next, other])
        expect(await store.exerciseVersions()).toEqual(
          expect.arrayContaining([
            { slug: 'sum-api', version: SAMPLE.version, collected: false, current: false },
            { slug: 'sum-api', version: next.version, collected: false, current: true },
            { slug: 'other-api', version: other.version, collected: false, current: true },
          ]),
        )
        await store.publish([])
        expect(await store.exerciseVersions()).toHaveLength(1)
        expect(await store.bundle(next.version)).toEqual(next)
        expect(await store.bundle('0'.repeat(64))).toBeUndefined()
      })

      test('the first collected list of tests stands', async () => {
        expect(await store.tests(SAMPLE.version)).toBeUndefined()
        expect(await store.keepTests(SAMPLE.version, SAMPLE_TESTS)).toBe('kept')
        expect(await store.keepTests(SAMPLE.version, [])).toBe('already_kept')
        expect(await store.keepTests('0'.repeat(64), [])).toBe('unknown')
        expect(await store.tests(SAMPLE.version)).toEqual(SAMPLE_TESTS)
        await store.publish([SAMPLE])
        expect(await store.exerciseVersions()).toMatchObject([{ collected: true }])
      })
    })

    describe('tokens', () => {
      test('a token finds its owner until it is revoked', async () => {
        const { id, token } = await store.addToken({ owner: 'ada', group: 'class-1', role: 'staff' })
        expect(token).toMatch(new RegExp(`^asy_${id}_`))
        const facts = { id, owner: 'ada', group: 'class-1', role: 'staff', createdAt: clock.now().toISOString(), revokedAt: null }
        expect(await store.findToken(token)).toEqual(facts)
        expect(await store.tokens()).toEqual([facts])
        expect(await store.revokeToken(id)).toBe(true)
        expect(await store.revokeToken(id)).toBe(false)
        expect(await store.findToken(token)).toBeUndefined()
        expect(await store.tokens()).toMatchObject([{ revokedAt: clock.now().toISOString() }])
      })

      test.each(['', 'asy_', 'asy_0123456789abcdef_short', `asy_0123456789abcdef_${'a'.repeat(43)}`, `x${'a'.repeat(5000)}`])(
        '%j is nobody',
        async token => expect(await store.findToken(token)).toBeUndefined(),
      )

      test('the right id with a wrong secret is nobody', async () => {
        const { token } = await store.addToken({ owner: 'ada', group: 'class-1', role: 'admin' })
        const wrong = token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A')
        expect(await store.findToken(wrong)).toBeUndefined()
      })
    })

    test('what was pruned is not queued again: without its files it would read as the learner’s fault', async () => {
      const { submission, claim } = await claimed()
      await store.recordReport(claim.gradingId, claim.token, reportOf(claim, 'grader_error'))
      const retry = (await store.claim((await store.submission(submission.id))!.gradingId, 'worker-1'))!
      await store.recordReport(retry.gradingId, retry.token, reportOf(retry, 'grader_error'))
      clock.pass(1000)
      await store.prune(clock.ago(500))
      expect(await store.requeue(submission.id)).toBe('pruned')
      expect(await stateOf(submission.id)).toBe('finished grader_error')
    })

    test('pruning many lets others do their work in between', async () => {
      for (let each = 0; each < 100; each++) await store.cancel((await accept()).id)
      clock.pass(1000)
      const over = new AbortController()
      const pruning = store.prune(clock.ago(500)).finally(() => over.abort())
      let between = 0
      while (!over.signal.aborted) {
        await setImmediate()
        between++
      }
      expect(await pruning).toEqual({ submissions: 100 })
      // Once would be the end of it all.
      expect(between).toBeGreaterThan(3)
    })

    test('pruning forgets files and events of what was over long ago, and keeps the verdict', async () => {
      const { submission, claim } = await claimed()
      await store.recordReport(claim.gradingId, claim.token, reportOf(claim, 'accepted'))
      clock.pass(1000)
      const cancelled = await accept()
      await store.cancel(cancelled.id)
      const waiting = await accept()
      expect(await store.prune(clock.ago(500))).toEqual({ submissions: 1 })
      expect(await store.prune(clock.ago(500))).toEqual({ submissions: 0 })
      expect(await store.files(submission.id)).toBeUndefined()
      expect(await store.readEvents(submission.id, 0)).toEqual([])
      expect(await stateOf(submission.id)).toBe('finished accepted')
      expect(await store.report(claim.gradingId)).toBeDefined()
      expect(await store.files(cancelled.id)).toBeDefined()
      clock.pass(1000)
      expect(await store.prune(clock.ago(500))).toEqual({ submissions: 1 })
      expect(await store.files(waiting.id)).toBeDefined()
    })
  })
}
