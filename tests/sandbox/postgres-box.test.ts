import { beforeAll, describe, expect, test } from 'vitest'
import { openDockerSandbox } from '../../worker/sandbox/docker/docker-sandbox.ts'
import { ensureImages } from '../../worker/sandbox/docker/images.ts'
import { logIn, openDatabase } from './open-database.ts'

/*
 * The database's box: PostgreSQL under the real profile, started by its agent, reached through the box's line.
 */
beforeAll(() => ensureImages({ log: () => {}, only: ['postgres'] }))

const sandbox = openDockerSandbox()

describe('the database’s box', () => {
  test('lets the examiner in by the socket, the learner by the loopback, and nobody else', async () => {
    await using database = await openDatabase(sandbox)
    await using admin = await logIn(database.box, 'admin', 'assay')
    await admin.query('CREATE ROLE learner LOGIN; CREATE ROLE inspector LOGIN; GRANT CONNECT ON DATABASE postgres TO learner')
    await using learner = await logIn(database.box, 'main', 'learner')
    expect((await learner.query('SELECT current_user AS name, inet_client_addr() AS from')).rows).toEqual([
      { name: 'learner', from: '127.0.0.1' },
    ])
    for (const user of ['assay', 'inspector']) {
      await expect(logIn(database.box, 'main', user)).rejects.toThrow(/no pg_hba.conf entry/)
    }
  })

  test('sorts and folds text by Unicode, the same everywhere', async () => {
    await using database = await openDatabase(sandbox)
    await using admin = await logIn(database.box, 'admin', 'assay')
    const { rows } = await admin.query(
      `SELECT upper('straße äé') AS upper, array_agg(word ORDER BY word) AS words FROM unnest(ARRAY['b', 'A', 'a', 'Z', 'ä']) AS word`,
    )
    expect(rows).toEqual([{ upper: 'STRASSE ÄÉ'.replace('SS', 'ß'), words: ['A', 'Z', 'a', 'b', 'ä'] }])
    expect((await admin.query(`SELECT current_setting('timezone') AS zone, now()::text LIKE '%+00' AS utc`)).rows).toEqual([
      { zone: 'UTC', utc: true },
    ])
  })

  test('finds its data again after it was killed', async () => {
    await using database = await openDatabase(sandbox)
    {
      await using admin = await logIn(database.box, 'admin', 'assay')
      await admin.query('CREATE TABLE kept AS SELECT generate_series(1, 10000) AS id')
    }
    await database.agent.stop()
    expect(await database.agent.start({})).toMatchObject({ listening: true })
    await using admin = await logIn(database.box, 'admin', 'assay')
    expect((await admin.query('SELECT count(*)::int AS count FROM kept')).rows).toEqual([{ count: 10_000 }])
  })

  test('has no room without end: a full disk is an error, and the server lives on', async () => {
    await using database = await openDatabase(sandbox)
    await using admin = await logIn(database.box, 'admin', 'assay')
    await expect(
      admin.query(`CREATE TABLE hoard AS SELECT repeat(md5(i::text), 200) AS text FROM generate_series(1, 10000000) AS i`),
    ).rejects.toThrow(/No space left on device/)
    expect((await admin.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    expect(await database.box.outOfMemory()).toBe(false)
  })

  test('says soon that a session can’t be ended, and makes the database anew after a start', async () => {
    await using database = await openDatabase(sandbox)
    {
      await using admin = await logIn(database.box, 'admin', 'assay')
      await admin.query('CREATE DATABASE app_template TEMPLATE postgres')
      await admin.query('CREATE DATABASE app TEMPLATE postgres')
      await admin.query('CREATE ROLE learner LOGIN')
    }
    // libxml2 looks at no signal while it evaluates an expression.
    const learner = await logIn(database.box, 'main', 'learner', 'app')
    const spin = `SELECT xpath('count(//a[count(//a[count(//a) > 0]) > 0])', ('<r>' || repeat('<a/>', 20000) || '</r>')::xml)`
    learner.query(spin).catch(() => {})
    const began = performance.now()
    expect(await database.agent.reset()).toContain('a session does not end')
    expect(performance.now() - began).toBeLessThan(4_000)
    await database.agent.stop()
    expect(await database.agent.start({})).toMatchObject({ listening: true })
    expect(await database.agent.reset()).toBeUndefined()
  })
})
