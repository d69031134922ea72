import { join } from 'node:path'
import { expect, test } from 'vitest'
import { generate } from '../../bench/growth/generate.ts'
import { ownerName, SCRIPT } from '../../bench/growth/history.ts'
import { leaveUnfinished } from '../../bench/growth/start-ups.ts'
import { reportSchema } from '../../core/report.ts'
import { checkBackup, openSqliteStore } from '../../server/store/sqlite.ts'
import { sampleBundle } from '../server/store/samples.ts'
import { tempFolder } from '../support/temp-folder.ts'

const SHAPE = { submissions: 400, unfinished: 40, whole: 0.3, exercises: 2, versions: 3, seed: 1, now: new Date('2026-11-21T12:00:00Z') }

test('a generated store is one that the server could have made', async () => {
  using folder = tempFolder()
  const path = join(folder.path, 'grown.sqlite')
  const bundles = [sampleBundle('one-api'), sampleBundle('other-api')]
  const filled = await generate(path, bundles, SHAPE, () => {})
  expect(await checkBackup(path)).toMatchObject({ ok: true, counts: { submissions: 400, gradings: filled.gradings, exerciseVersions: 6 } })

  await using store = await openStore(path)
  expect(await store.counts()).toMatchObject({ waiting: 40 - 14, dispatched: 8, running: 6 })
  const all = (await store.submissions({}, { limit: 400 })).items
  expect(all.filter(each => each.finishedAt === null)).toHaveLength(40)
  expect(all.filter(each => each.owner === ownerName(SCRIPT)).length).toBeGreaterThan(1)
  let whole = 0
  for (const { id, gradingId, outcome, state } of all) {
    expect((await store.gradings(id)).at(-1)).toMatchObject({ id: gradingId, outcome })
    const report = await store.report(gradingId)
    expect(report !== undefined).toBe(state === 'finished')
    if (report) expect(reportSchema.parse(report).outcome).toBe(outcome)
    const events = await store.readEvents(id, 0)
    if (await store.files(id)) whole++
    expect(events.length > 0).toBe((await store.files(id)) !== undefined)
    if (state === 'finished' && events.length > 0) expect(events.at(-1)!.event).toMatchObject({ type: 'finished', outcome })
  }
  expect(whole).toBe(120)
})

test('what is put aside for a start comes back as it was', async () => {
  using folder = tempFolder()
  const path = join(folder.path, 'grown.sqlite')
  await generate(path, [sampleBundle('one-api'), sampleBundle('other-api')], SHAPE, () => {})
  const counts = async () => {
    await using store = await openStore(path)
    return await store.counts()
  }
  const before = await counts()
  {
    using _aside = leaveUnfinished(path, 10)
    const { waiting, dispatched, running } = await counts()
    expect(waiting + dispatched + running).toBe(10)
  }
  expect(await counts()).toEqual(before)
})

async function openStore(path: string) {
  const store = await openSqliteStore({ path })
  return Object.assign(store, { [Symbol.asyncDispose]: () => store.close() })
}
