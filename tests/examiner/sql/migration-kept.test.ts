import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectResumable } from '../../../examiner/sql/migration/interruptions.ts'
import type { MigrationState } from '../../../examiner/sql/migration/migration-state.ts'
import type { KeptOptions } from '../../../examiner/sql/migration/row-account.ts'
import { failureOf, prepareExercise } from './migration-harness.ts'

const TABLES = `
  CREATE TYPE mood AS ENUM ('low', 'high');
  CREATE TABLE people (id int PRIMARY KEY, name text, mood mood DEFAULT 'low');
  CREATE TABLE seats (row_no int, seat int, taken_by int, PRIMARY KEY (row_no, seat));
  CREATE TABLE log (line text);`
const FILES = {
  'schema.sql': TABLES,
  'seed.sql': `
    INSERT INTO people SELECT g, CASE WHEN g <> 4 THEN 'Name' || g END FROM generate_series(1, 20) g;
    INSERT INTO seats SELECT g / 10, g % 10, g FROM generate_series(0, 120000) g;
    INSERT INTO log SELECT 'line ' || g / 2 FROM generate_series(1, 20) g;`,
  'wanted.sql': TABLES.replace('name text,', 'name text, age int,'),
}

let exercise: Awaited<ReturnType<typeof prepareExercise>>
beforeAll(async () => {
  exercise = await prepareExercise(FILES)
}, 60_000)
afterAll(() => exercise[Symbol.asyncDispose]())

const begin = (up: string, down = '') => exercise.begin({ 'up.sql': up, 'down.sql': down })

describe('what was kept', () => {
  test.each<[string, string, string[], KeptOptions?]>([
    ['nothing but new things', 'ALTER TABLE people ADD age int; CREATE TABLE more (id int); CREATE INDEX ON seats (taken_by)', []],
    ['another type with the same values', 'ALTER TABLE people ALTER id TYPE bigint, ALTER name TYPE varchar(50)', []],
    ['rows that are written anew', 'UPDATE people SET id = id; UPDATE seats SET taken_by = taken_by WHERE row_no < 500', []],
    ['a row that vanished', 'DELETE FROM people WHERE id = 7', ['people: 1 row vanished, the first with id 7']],
    [
      'a row of a large table',
      'DELETE FROM seats WHERE row_no = 77 AND seat = 3',
      ['seats: 1 row vanished, the first with row_no 77, seat 3'],
    ],
    ['a value that changed', `UPDATE people SET name = '' WHERE id = 4`, ['people.name changed in 1 row; with id 4 it was NULL and is ']],
    [
      'two values that changed places',
      'UPDATE people SET name = CASE id WHEN 5 THEN $$Name6$$ ELSE $$Name5$$ END WHERE id IN (5, 6)',
      ['people.name changed in 2 rows; with id '],
    ],
    ['many', 'UPDATE seats SET taken_by = taken_by + 1', ['seats.taken_by changed in at least ']],
    ['a column', 'ALTER TABLE people DROP mood', ['column people.mood vanished']],
    ['a table', 'DROP TABLE log', ['table log vanished']],
    ['a key', 'ALTER TABLE people DROP COLUMN id', ['column people.id vanished']],
    ['a row too many', `INSERT INTO people VALUES (21, 'x')`, ['people: 1 row came, the first with id 21']],
    [
      'one of two equal rows',
      'DELETE FROM log WHERE ctid = (SELECT min(ctid) FROM log)',
      ['log: 1 row vanished, the first with line line '],
    ],
    [
      'a row of a large table to which many came',
      'INSERT INTO seats SELECT 20000 + g / 10, g % 10, g FROM generate_series(1, 60000) g; DELETE FROM seats WHERE row_no = 77 AND seat IN (3, 4, 5)',
      ['seats: '],
      { added: ['seats'] },
    ],
    [
      'what the exercise names',
      `ALTER TABLE people DROP mood; UPDATE people SET name = 'x'; DROP TABLE log; INSERT INTO people VALUES (21, 'x')`,
      [],
      { except: ['people.mood', 'people.name', 'log'], added: ['people'] },
    ],
    [
      'all at once',
      `UPDATE people SET mood = 'high' WHERE id < 3; DELETE FROM people WHERE id > 18; DROP TABLE log`,
      ['table log vanished', 'people: 2 rows vanished, the first with id ', 'people.mood changed in 2 rows; with id '],
    ],
  ])('tells of %s', async (_, up, lines, options) => {
    const { migration } = await begin(up)
    await migration.up()
    const failure = await failureOf(migration.expectKept(options))
    if (lines.length === 0) expect(failure).toBe('nothing failed')
    for (const line of lines) expect(failure).toContain(`- ${line}`)
    expect(failure.split('\n')).toHaveLength(lines.length + 1)
  })

  test('is read without calling anything of the learner’s', async () => {
    const { migration } = await begin(`
      DELETE FROM people WHERE id = 9;
      CREATE FUNCTION shout(mood) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE 'called'; END $$;
      CREATE CAST (mood AS text) WITH FUNCTION shout(mood) AS IMPLICIT;
      CREATE FUNCTION hashtextextended(varchar, int) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RAISE 'called'; END $$;
      ALTER TABLE people ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`)
    await migration.up()
    expect(await failureOf(migration.expectKept())).toBe('Not everything was kept:\n- people: 1 row vanished, the first with id 9')
  })

  test('has an end where a table can’t be read', async () => {
    const { migration, state } =
      await begin(`ALTER TABLE people RENAME TO p; CREATE TABLE people (id int PRIMARY KEY, name text, mood mood);
      INSERT INTO people SELECT g, repeat('x', 3000) FROM generate_series(1, 9000) g`)
    await migration.up()
    expect(await failureOf(migration.expectKept())).toMatch(/could not be read|rows came/)
    expect(state.finding).toBeUndefined()
  })

  test('is looked at with the settings that our roles were made with, whatever a trigger changed', async () => {
    const { migration, state } = await begin('SELECT 1')
    await migration.up()
    const writer = await exercise.server.connect('writer', 'app')
    await writer.query("ALTER ROLE writer SET statement_timeout = '1ms'")
    await writer.end()
    await state.reset()
    const next = await exercise.server.connect('writer', 'app')
    expect((await next.query('SHOW statement_timeout')).rows).toEqual([{ statement_timeout: '30s' }])
    await next.end()
  })

  test('is found out without room on the disk, where the server knows how many rows there are', async () => {
    const table = 'CREATE TABLE letters (id int PRIMARY KEY, body text)'
    const rows = 'INSERT INTO letters SELECT g, repeat(md5(g::text), 4) FROM generate_series(1, 40000) g; ANALYZE letters'
    await using large = await prepareExercise({ 'schema.sql': table, 'seed.sql': rows, 'wanted.sql': table })
    const admin = await large.server.connect('assay', 'postgres')
    await admin.query("ALTER SYSTEM SET work_mem = '2MB'")
    await admin.query("ALTER SYSTEM SET temp_file_limit = '64kB'")
    await admin.query('SELECT pg_reload_conf()')
    await admin.end()
    const { migration } = await large.begin({ 'up.sql': 'DELETE FROM letters WHERE id = 77', 'down.sql': '' })
    await migration.up()
    expect(await failureOf(migration.expectKept())).toBe('Not everything was kept:\n- letters: 1 row vanished, the first with id 77')
  }, 60_000)

  test('of a large table is not a matter of snapshots', async () => {
    const { migration } = await begin('SELECT 1')
    expect(migration.seeded.tables).toEqual(['log', 'people'])
    expect(() => migration.seeded.rows('seats')).toThrow('too large for a snapshot')
    await migration.up()
    await migration.expectSnapshot()
  })
})

describe('back and forth', () => {
  const up = 'ALTER TABLE people ADD age int'
  test.each([
    ['a way back that restores everything', up, 'ALTER TABLE people DROP age', 'nothing failed'],
    ['one that loses a row', up, 'ALTER TABLE people DROP age; DELETE FROM people WHERE id = 3', 'people: 1 row vanished'],
    ['one that does nothing', up, '', 'column people.age should not be there'],
    ['a way that leads nowhere', 'SELECT 1', 'SELECT 1', 'column people.age is missing'],
  ])('%s', async (_, way, back, words) => {
    const { migration } = await begin(way, back)
    expect(await failureOf(migration.expectBackAndForth())).toContain(words)
  })
})

describe('up, run twice', () => {
  test.each([
    ['fails' as const, 'ALTER TABLE people ADD age int', 'nothing failed'],
    ['fails' as const, 'ALTER TABLE people ADD IF NOT EXISTS age int', 'must fail, but it ran to its end'],
    [
      'fails' as const,
      `-- assay: no-transaction\nUPDATE people SET name = name || '!'; ALTER TABLE people ADD age int`,
      'must change nothing, but it changed table people',
    ],
    [
      'does nothing' as const,
      'ALTER TABLE people ADD IF NOT EXISTS age int; UPDATE people SET age = 3 WHERE age IS NULL',
      'nothing failed',
    ],
    [
      'does nothing' as const,
      'ALTER TABLE people ADD age int',
      'must do nothing, but it fails: up.sql, statement 1: PostgreSQL says (42701)',
    ],
    ['does nothing' as const, 'ALTER TABLE people ADD IF NOT EXISTS age int; CREATE INDEX ON people (name)', 'but it changed the schema'],
  ])('%s: %s', async (how, up, words) => {
    const { migration, state } = await begin(up)
    expect(await failureOf(migration.expectUpTwice(how))).toContain(words)
    expect(state.finding).toBeUndefined()
  })
})

describe('killed at each statement', () => {
  const few = { before: 'DELETE FROM seats WHERE row_no > 10' }
  const resume = (state: MigrationState) => expectResumable(state, exercise.prepared, async () => {}, new AbortController().signal, few)

  test('an up that does not lead to the wanted schema is told so', async () => {
    const { migration } = await begin('SELECT 1')
    expect(await failureOf(migration.expectResumable())).toContain('column people.age is missing')
  })

  const fill = (set: string) =>
    `DO $$ BEGIN FOR n IN 1..20 LOOP UPDATE people SET ${set} WHERE id = n; COMMIT; PERFORM pg_sleep(0.02); END LOOP; END $$`
  test.each([
    ['a transaction', 'ALTER TABLE people ADD age int; UPDATE people SET age = coalesce(age, 0) + 1', 'nothing failed'],
    ["the learner's own transaction", 'BEGIN; ALTER TABLE people ADD age int; COMMIT', 'nothing failed'],
    [
      'statements that stand for themselves and can be run again',
      '-- assay: no-transaction\nALTER TABLE people ADD IF NOT EXISTS age int; UPDATE people SET age = 1 WHERE age IS NULL',
      'nothing failed',
    ],
    [
      'statements that can’t',
      '-- assay: no-transaction\nALTER TABLE people ADD age int; UPDATE people SET age = 1',
      /^Killed at up\.sql, statement 2, and run again from that file on, up fails: up\.sql, statement 1: .*42701/,
    ],
    [
      'work that is done twice',
      `-- assay: no-transaction\nUPDATE people SET id = id + 100; UPDATE seats SET taken_by = 1 WHERE row_no = 0`,
      /^Killed at up\.sql, statement 2, .* table people is not the same/,
    ],
    ['a loop that commits and begins where it ended', `-- assay: no-transaction\n${fill(`name = 'x'`)}`, 'nothing failed'],
    [
      'a loop that commits and begins anew',
      `-- assay: no-transaction\n${fill(`name = name || 'x'`)}`,
      /^Killed at up\.sql, statement 1, .* table people is not the same/,
    ],
    [
      'a loop that begins anew only where it has not come to its half',
      `-- assay: no-transaction\nDO $$ BEGIN
         IF EXISTS (SELECT FROM log WHERE line = 'done') THEN RETURN; END IF;
         FOR n IN 1..20 LOOP
           IF n < 9 THEN UPDATE people SET name = name || 'x' WHERE id = n; END IF;
           IF n = 9 THEN INSERT INTO log VALUES ('done'); END IF;
           COMMIT; PERFORM pg_sleep(0.02);
         END LOOP; END $$`,
      /^Killed at up\.sql, statement 1, .* table people is not the same/,
    ],
    [
      'a loop that says in a comment that it is something else',
      `-- assay: no-transaction\n${fill(`name = name || 'x'`).replace('BEGIN', 'BEGIN -- not concurrently\n')}`,
      /^Killed at up\.sql, statement 1, .* table people is not the same/,
    ],
    [
      'an index that is left behind',
      '-- assay: no-transaction\nCREATE INDEX CONCURRENTLY IF NOT EXISTS a ON people (name)',
      /^Killed at up\.sql, statement 1, .* the schema is not the same/,
    ],
    [
      'an index whose remains are in the way',
      '-- assay: no-transaction\nCREATE INDEX CONCURRENTLY a ON people (name)',
      /up fails: up\.sql, statement 1: .*42P07/,
    ],
    [
      'an index whose remains are cleared',
      '-- assay: no-transaction\nDROP INDEX CONCURRENTLY IF EXISTS a; CREATE INDEX CONCURRENTLY a ON people (name)',
      'nothing failed',
    ],
  ])('%s', async (_, up, words) => {
    const { state } = await begin(up)
    expect(await failureOf(resume(state))).toMatch(words)
    expect(state.finding).toBeUndefined()
  })

  test('an up that fails by itself before it is killed is a runtime error, and not taken for one that was killed', async () => {
    await begin('SELECT 1')
    const writer = await exercise.server.connect('writer', 'app')
    const { rows } = await writer.query('SELECT pg_current_xact_id()::text::bigint + 400 AS most')
    await writer.end()
    // The first run leaves more transactions behind it than there may be.
    const up = `-- assay: no-transaction\nDO $$ BEGIN
      IF pg_current_xact_id()::text::bigint > ${rows[0].most} THEN RAISE 'too late'; END IF;
      FOR n IN 1..500 LOOP UPDATE people SET mood = mood WHERE id = 1; COMMIT; END LOOP;
      PERFORM pg_sleep(2);
    END $$`
    const { state } = await begin(up)
    expect(await failureOf(resume(state))).toMatch(/^Run once more from the old schema, up fails: up\.sql, statement 1: .*P0001/)
    expect(state.finding).toMatchObject({ outcome: 'runtime_error' })
  })

  test('begins again with the file that was killed, not with those before it', async () => {
    const { state } = await exercise.begin({
      'steps/1-a.up.sql': 'CREATE TABLE a (id int)',
      'steps/1-a.down.sql': '',
      'steps/2-b.up.sql': 'CREATE TABLE b (id int); INSERT INTO b VALUES (1)',
      'steps/2-b.down.sql': '',
    })
    expect(await failureOf(resume(state))).toBe('nothing failed')
  })
})
