import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, statSync } from 'node:fs'
import { open as openFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { MIGRATIONS, StoreTooNew } from '../../../server/store/migrate.ts'
import { checkBackup, openSqliteStore } from '../../../server/store/sqlite.ts'
import { StoreFull, StoreUnavailable } from '../../../server/store/store-errors.ts'
import type { Store } from '../../../server/store/store.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { newSubmission, reportOf, SAMPLE, sampleBundle } from './samples.ts'

let folder: ReturnType<typeof tempFolder>
let path: string
let backups: string
const opened: Store[] = []

beforeEach(() => {
  folder = tempFolder()
  path = join(folder.path, 'data', 'assay.sqlite')
  backups = join(folder.path, 'data', 'backups')
})

afterEach(async () => {
  for (const store of opened.splice(0)) await store.close()
  folder[Symbol.dispose]()
})

async function open(options: Partial<Parameters<typeof openSqliteStore>[0]> = {}): Promise<Store> {
  const store = await openSqliteStore({ path, ...options })
  opened.push(store)
  return store
}

async function close(store: Store): Promise<void> {
  opened.splice(opened.indexOf(store), 1)
  await store.close()
}

async function acceptOne(store: Store) {
  await store.publish([SAMPLE])
  const accepted = await store.accept(newSubmission())
  if (!('submission' in accepted)) throw new Error(accepted.result)
  return accepted.submission
}

describe('migrations', () => {
  const nextVersion = {
    name: '0002-shelf',
    up: async (db: Parameters<(typeof MIGRATIONS)[0]['up']>[0]) => {
      await db.schema.createTable('shelf').addColumn('id', 'text').execute()
    },
  }
  const broken = {
    name: '0002-broken',
    up: async (db: Parameters<(typeof MIGRATIONS)[0]['up']>[0]) => {
      await nextVersion.up(db)
      throw new Error('no further')
    },
  }
  const tablesOf = (file: string) => {
    const database = new Database(file, { readonly: true })
    const names = database.prepare("select name from sqlite_master where type = 'table'").all([]) as { name: string }[]
    database.close()
    return names.map(each => each.name)
  }

  test('a new store needs no backup, and opening it again changes nothing', async () => {
    const store = await open()
    const submission = await acceptOne(store)
    await close(store)
    expect(await (await open()).submission(submission.id)).toEqual(submission)
    expect(readdirSync(join(folder.path, 'data'))).not.toContain('backups')
  })

  test('an older store is copied, then brought to the newest version with what it holds', async () => {
    const old = await open()
    const submission = await acceptOne(old)
    await close(old)
    const store = await open({ migrations: [...MIGRATIONS, nextVersion], now: () => new Date('2026-11-21T12:00:00Z') })
    expect(await store.submission(submission.id)).toEqual(submission)
    expect(tablesOf(path)).toContain('shelf')
    expect(readdirSync(backups)).toEqual([`store-v${MIGRATIONS.length}-2026-11-21T12-00-00.000Z.sqlite`])
    const copy = join(backups, readdirSync(backups)[0]!)
    expect(tablesOf(copy)).not.toContain('shelf')
    expect(await checkBackup(copy)).toMatchObject({ ok: true, version: MIGRATIONS.length, counts: { submissions: 1, gradings: 1 } })
  })

  test.each(MIGRATIONS.slice(0, -1).map((_, index) => index + 1))(
    'a store of version %i comes to the newest with what it holds',
    async version => {
      const old = await open({ migrations: MIGRATIONS.slice(0, version) })
      const submission = await acceptOne(old)
      await close(old)
      const store = await open()
      expect((await store.submissions({ owner: submission.owner, state: 'queued' }, { limit: 9 })).items).toEqual([submission])
      expect(await checkBackup(path)).toMatchObject({ ok: true, version: MIGRATIONS.length })
    },
  )

  test('a migration that fails leaves the store as it was', async () => {
    const old = await open()
    const submission = await acceptOne(old)
    await close(old)
    await expect(open({ migrations: [...MIGRATIONS, broken] })).rejects.toThrow('no further')
    expect(tablesOf(path)).not.toContain('shelf')
    expect(await (await open()).submission(submission.id)).toEqual(submission)
  })

  test('a newer store is refused and not touched', async () => {
    await close(await open({ migrations: [...MIGRATIONS, nextVersion] }))
    const before = statSync(path).mtimeMs
    await expect(open()).rejects.toThrow(StoreTooNew)
    await expect(open()).rejects.toThrow(
      `The store is at version ${MIGRATIONS.length + 1}, and this Assay knows versions up to ${MIGRATIONS.length}`,
    )
    expect(statSync(path).mtimeMs).toBe(before)
  })

  test('a file that is no store is refused with the store’s own error', async () => {
    await close(await open())
    await writeFile(path, 'not a database at all, but long enough to look like the head of one'.repeat(20))
    await expect(open()).rejects.toThrow(StoreUnavailable)
  })
})

describe('backups', () => {
  test('a backup made in the midst of writing is whole and opens as a store', async () => {
    const store = await open()
    const submission = await acceptOne(store)
    const copy = join(folder.path, 'elsewhere', 'copy.sqlite')
    const writes = Array.from({ length: 30 }, () => acceptOne(store))
    await Promise.all([...writes, store.backup(copy)])
    const check = await checkBackup(copy)
    expect(check).toMatchObject({ ok: true, findings: [], version: MIGRATIONS.length })
    expect(check.counts.submissions).toBe(check.counts.gradings)
    expect(readdirSync(join(folder.path, 'elsewhere'))).toEqual(['copy.sqlite'])
    const restored = await open({ path: copy })
    expect(await restored.submission(submission.id)).toEqual(submission)
  })

  test('a backup comes to its end while another process writes and writes', async () => {
    const store = await open()
    await store.publish([SAMPLE])
    // Twenty-five thousand pages: far more than are copied before the other process writes again.
    const files = Object.fromEntries(Array.from({ length: 10 }, (_, each) => [`${each}.js`, 'x'.repeat(2 ** 20)]))
    for (let each = 0; each < 10; each++) await store.accept(newSubmission({ files }))
    const copy = join(folder.path, 'copy.sqlite')
    const child = spawn(process.execPath, [join(import.meta.dirname, 'add-tokens.ts'), path, '1000000'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      await once(createInterface({ input: child.stdout }), 'line')
      await store.backup(copy)
      expect(child.exitCode).toBeNull()
    } finally {
      child.kill('SIGKILL')
    }
    expect(await checkBackup(copy)).toMatchObject({ ok: true, counts: { submissions: 10 } })
  })

  test('a damaged, a foreign, a newer and a missing backup are told apart from a good one', async () => {
    const store = await open()
    for (let each = 0; each < 50; each++) await acceptOne(store)
    const damaged = join(folder.path, 'damaged.sqlite')
    await store.backup(damaged)
    const database = new Database(damaged)
    const pages = (database.pragma('page_count', { simple: true }) as number) * 4096
    database.close()
    await using file = await openFile(damaged, 'r+')
    await file.write(Buffer.alloc(8192, 0xff), 0, 8192, Math.floor(pages / 2 / 4096) * 4096)
    expect(await checkBackup(damaged)).toMatchObject({ ok: false })

    const foreign = join(folder.path, 'foreign.sqlite')
    const other = new Database(foreign)
    other.prepare('create table things (id text)').run([])
    other.close()
    expect(await checkBackup(foreign)).toMatchObject({ ok: false, findings: ['it holds no store'] })

    const newer = join(folder.path, 'newer.sqlite')
    await store.backup(newer)
    const ahead = new Database(newer)
    ahead.prepare(`insert into store_versions values (99, '0099', 'later')`).run([])
    ahead.close()
    expect(await checkBackup(newer)).toMatchObject({ ok: false, version: 99, findings: [expect.stringContaining('version 99')] })

    await expect(checkBackup(join(folder.path, 'none.sqlite'))).rejects.toThrow(StoreUnavailable)
  })
})

test('publishing what is there already writes nothing', async () => {
  const store = await open()
  await store.publish([SAMPLE, sampleBundle('other-api')])
  const log = () => statSync(`${path}-wal`).size
  const before = log()
  await store.publish([SAMPLE, sampleBundle('other-api')])
  expect(log()).toBe(before)
  await store.publish([SAMPLE])
  expect(log()).toBeGreaterThan(before)
  expect(await store.exerciseVersions()).toMatchObject([{ slug: SAMPLE.slug, current: true }])
})

describe('a full disk', () => {
  test('refuses what it can’t keep as StoreFull, keeps what it holds, and takes more in when there is room', async () => {
    const small = await open({ maxBytes: 300 * 1024 })
    await small.publish([SAMPLE])
    const kept: string[] = []
    const fill = async () => {
      for (;;) {
        const accepted = await small.accept(newSubmission({ files: { 'server.js': 'x'.repeat(20_000) }, maxWaiting: 1000 }))
        if ('submission' in accepted) kept.push(accepted.submission.id)
      }
    }
    await expect(fill()).rejects.toThrow(StoreFull)
    expect(kept.length).toBeGreaterThan(3)
    await expect(small.accept(newSubmission({ files: { 'server.js': 'x'.repeat(20_000) } }))).rejects.toThrow(StoreFull)
    expect(await small.counts()).toMatchObject({ waiting: kept.length })
    expect(await small.submission(kept.at(-1)!)).toMatchObject({ state: 'queued' })
    await close(small)

    const roomy = await open()
    const { gradingId } = (await roomy.submission(kept[0]!))!
    const claim = (await roomy.claim(gradingId, 'worker-1'))!
    expect(await roomy.recordReport(gradingId, claim.token, reportOf(claim, 'accepted'))).toBe('recorded')
    expect((await roomy.counts()).waiting).toBe(kept.length - 1)
  })
})

describe('one file, two processes', () => {
  test('tokens added by the command line while the server works are known to it', async () => {
    const server = await open()
    const child = spawn(process.execPath, [join(import.meta.dirname, 'add-tokens.ts'), path, '30'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = once(child, 'exit')
    const tokens: string[] = []
    for await (const token of createInterface({ input: child.stdout })) {
      tokens.push(token)
      await acceptOne(server)
    }
    expect(await ended).toEqual([0, null])
    expect(tokens).toHaveLength(30)
    for (const [index, token] of tokens.entries()) expect(await server.findToken(token)).toMatchObject({ owner: `learner-${index}` })
    expect((await server.counts()).waiting).toBe(30)
  })

  test('a store that somebody else holds locked is unavailable, and usable afterwards', async () => {
    const store = await open()
    const holder = new Database(path)
    holder.prepare('begin immediate').run([])
    await expect(store.addToken({ owner: 'ada', group: 'class-1', role: 'learner' })).rejects.toThrow(StoreUnavailable)
    holder.prepare('rollback').run([])
    holder.close()
    await store.addToken({ owner: 'ada', group: 'class-1', role: 'learner' })
  })
})

/** The conditions of what is asked all the time: none of them may walk through what is finished. */
test('the waiting line is read through indexes only', async () => {
  const store = await open()
  await acceptOne(store)
  const database = new Database(path, { readonly: true })
  const plan = (sql: string) =>
    (database.prepare(`explain query plan ${sql}`).all([]) as { detail: string }[]).map(step => step.detail).join('\n')
  const queries = [
    `select * from gradings inner join submissions on submissions.id = gradings.submission_id where gradings.state = 'waiting'`,
    `select id from gradings where state = 'dispatched' and dispatched_at <= 'x'`,
    `select gradings.* from gradings left join workers on workers.id = gradings.worker_id where gradings.state = 'running'`,
    `select state, count(*) from gradings where state in ('waiting', 'dispatched', 'running') group by state`,
    `select count(*) from submissions where outcome = 'grader_error'`,
    `select count(*) from submissions where state = 'queued'`,
    `select id from submissions where pruned_at is null and finished_at < 'x' limit 10`,
    `select started_at, finished_at from gradings where finished_at is not null order by finished_at desc limit 50`,
    `select * from events where submission_id = 'x' and id > 3 order by id`,
    `select * from submissions where owner = 'ada' and id < 'x' order by id desc limit 10`,
  ]
  for (const query of queries) expect(plan(query), query).not.toMatch(/SCAN (?!.*USING (COVERING )?INDEX gradings_finished)/)
  database.close()
})
