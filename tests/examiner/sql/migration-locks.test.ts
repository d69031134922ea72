import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { HeldLock } from '../../../core/locks.ts'
import { failureOf, prepareExercise } from './migration-harness.ts'

const FILES = {
  'schema.sql': `
    CREATE TABLE people (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);
    CREATE TABLE notes (id int PRIMARY KEY, person_id int NOT NULL, body text);`,
  'seed.sql': `
    INSERT INTO people (name) SELECT 'Name' || g FROM generate_series(1, 20) g;
    INSERT INTO notes SELECT g, 1 + g % 20, 'note ' || g FROM generate_series(1, 2000) g;`,
  'wanted.sql': 'CREATE TABLE people (id int); CREATE TABLE notes (id int);',
}

let exercise: Awaited<ReturnType<typeof prepareExercise>>
beforeAll(async () => {
  exercise = await prepareExercise(FILES)
}, 60_000)
afterAll(() => exercise[Symbol.asyncDispose]())

async function locksOf(up: string) {
  const { migration, state } = await exercise.begin({ 'up.sql': up, 'down.sql': '' })
  await migration.up()
  return { migration, state, shown: migration.locks.all().map(shown) }
}

function shown({ object, mode, statement, lastStatement, sampled }: HeldLock): string {
  return `${object} ${mode} ${statement}-${lastStatement}${sampled ? ' sampled' : ''}`
}

describe('the locks of a migration', () => {
  // What PostgreSQL's documentation says that each takes ("Explicit Locking").
  test.each([
    ['ALTER TABLE notes ADD done boolean', ['notes AccessExclusiveLock 1-1']],
    ['CREATE INDEX ON notes (person_id)', ['notes ShareLock 1-1']],
    [
      'ALTER TABLE notes ALTER id TYPE bigint',
      ['index notes_pkey AccessExclusiveLock 1-1', 'notes AccessExclusiveLock 1-1', 'notes ShareLock 1-1'],
    ],
    [
      'ALTER TABLE notes ADD FOREIGN KEY (person_id) REFERENCES people',
      [
        'index notes_pkey AccessShareLock 1-1',
        'index people_pkey AccessShareLock 1-1',
        'notes AccessShareLock 1-1',
        'notes ShareRowExclusiveLock 1-1',
        'people AccessShareLock 1-1',
        'people RowShareLock 1-1',
        'people ShareRowExclusiveLock 1-1',
      ],
    ],
    ['UPDATE people SET name = lower(name)', ['index people_pkey RowExclusiveLock 1-1', 'people RowExclusiveLock 1-1']],
    ['SELECT count(*) FROM notes', ['index notes_pkey AccessShareLock 1-1', 'notes AccessShareLock 1-1']],
    ['TRUNCATE people', ['index people_pkey AccessExclusiveLock 1-1', 'people AccessExclusiveLock 1-1', 'people ShareLock 1-1']],
  ])('%s: as in a transaction, so as a statement that stands for itself', async (statement, expected) => {
    expect((await locksOf(statement)).shown.toSorted()).toEqual(expected)
    expect((await locksOf(`-- assay: no-transaction\n${statement}`)).shown.toSorted()).toEqual(expected)
  })

  test('are held until the transaction ends, and known by the statement that took them', async () => {
    const { shown, state } = await locksOf(`
      ALTER TABLE people ADD age int;
      UPDATE notes SET body = '';
      LOCK TABLE notes IN ACCESS EXCLUSIVE MODE`)
    expect(shown).toEqual(
      expect.arrayContaining(['people AccessExclusiveLock 1-3', 'notes RowExclusiveLock 2-3', 'notes AccessExclusiveLock 3-3']),
    )
    const [first] = state.lastRun('up').locks.filter(lock => lock.object === 'people')
    expect(first!.heldMs).toBeGreaterThan(state.statements[1]!.durationMs)
  })

  test("end with the learner's own COMMIT, or with a savepoint that is rolled back", async () => {
    const { shown } = await locksOf(`
      BEGIN; LOCK TABLE people; COMMIT;
      BEGIN; SAVEPOINT a; LOCK TABLE notes; ROLLBACK TO a; SELECT 1; COMMIT`)
    expect(shown).toEqual(['people AccessExclusiveLock 2-2', 'notes AccessExclusiveLock 6-6'])
  })

  test('leave out what the same transaction made, and the catalogue', async () => {
    const made = 'CREATE TABLE fresh (id int PRIMARY KEY); ALTER TABLE fresh ADD b int; LOCK TABLE pg_catalog.pg_class IN ACCESS SHARE MODE'
    expect((await locksOf(made)).shown).toEqual([])
    const { shown } = await locksOf(
      `-- assay: no-transaction\nCREATE TABLE fresh (id int); LOCK TABLE fresh`.replace('LOCK TABLE fresh', 'ALTER TABLE fresh ADD b int'),
    )
    expect(shown).toEqual(['fresh AccessExclusiveLock 2-2'])
  })

  test('of a statement that commits by itself are sampled while it runs', async () => {
    const { shown } = await locksOf(`-- assay: no-transaction
      DO $$ BEGIN LOCK TABLE notes IN SHARE MODE; PERFORM pg_sleep(0.3); COMMIT; PERFORM pg_sleep(0.1); END $$`)
    expect(shown).toContain('notes ShareLock 1-1 sampled')
  })

  test('go by the name that a table had when the run began', async () => {
    const { migration } = await locksOf(
      `-- assay: no-transaction\nALTER TABLE notes RENAME TO x; ALTER TABLE x ALTER body TYPE varchar(10)`,
    )
    expect(migration.locks.on('notes').map(shown)).toEqual(
      expect.arrayContaining(['notes AccessExclusiveLock 1-1', 'notes AccessExclusiveLock 2-2']),
    )
  })

  test('are read by nothing of the learner’s, and their names say nothing of rows', async () => {
    const { shown } = await locksOf(`
      CREATE FUNCTION times(int, numeric) RETURNS numeric LANGUAGE plpgsql AS $$ BEGIN RAISE 'called'; END $$;
      CREATE OPERATOR public.* (LEFTARG = int, RIGHTARG = numeric, FUNCTION = times);
      DO $$ BEGIN EXECUTE format('ALTER TABLE notes RENAME TO %I', (SELECT min(name) FROM people)); END $$`)
    expect(shown).toEqual(['people AccessShareLock 3-3', 'index people_pkey AccessShareLock 3-3', 'notes AccessExclusiveLock 3-3'])
    const second = await exercise.begin({
      'steps/1-a.up.sql': `DO $$ BEGIN EXECUTE format('CREATE TABLE %I ()', (SELECT min(name) FROM people)); END $$`,
      'steps/1-a.down.sql': '',
      'steps/2-b.up.sql': `DO $$ BEGIN EXECUTE format('LOCK TABLE %I', (SELECT min(name) FROM people)); END $$`,
      'steps/2-b.down.sql': '',
    })
    await second.migration.up()
    expect(
      second.migration.locks
        .all()
        .map(lock => lock.object)
        .filter(object => /Name/.test(object)),
    ).toEqual([])
  })

  test('are shown of the exercise’s own tables alone, the strongest, where a row could choose what is locked', async () => {
    const { state } = await exercise.begin({
      'steps/1-a.up.sql': 'CREATE TABLE bit_1 (); CREATE TABLE bit_2 (); CREATE SEQUENCE bit_3',
      'steps/1-a.down.sql': '',
      'steps/2-b.up.sql':
        "DO $$ BEGIN LOCK TABLE bit_2 IN SHARE MODE; PERFORM nextval('bit_3'); LOCK TABLE notes; UPDATE people SET name = name; END $$",
      'steps/2-b.down.sql': '',
    })
    await state.go('up', AbortSignal.timeout(30_000))
    expect(state.locks.map(shown)).toEqual(['notes AccessExclusiveLock 1-1', 'people RowExclusiveLock 1-1'])
    expect(state.lastRun('up').locks.map(lock => lock.object)).toEqual(expect.arrayContaining(['bit_2', 'sequence bit_3']))
  })

  test('of sequences are never shown: plain SQL can take them by a row', async () => {
    const { state } = await locksOf("SELECT CASE WHEN count(*) = 20 THEN nextval('people_id_seq') END FROM people")
    expect(state.locks.map(lock => lock.object)).toEqual(['people', 'index people_pkey'])
    expect(state.lastRun('up').locks.map(lock => lock.object)).toContain('sequence people_id_seq')
  })

  test('tell how long the session waited for one, by the clock of the server', async () => {
    const { migration, state } = await exercise.begin({ 'up.sql': 'LOCK TABLE people', 'down.sql': '' })
    const other = await exercise.server.connect('assay', 'app')
    await other.query('BEGIN; LOCK TABLE people IN ACCESS SHARE MODE')
    const [, end] = await Promise.all([migration.up(), other.query('SELECT pg_sleep(0.3)').then(() => other.query('COMMIT'))])
    await other.end()
    expect(end.command).toBe('COMMIT')
    expect(state.locks[0]).toMatchObject({ object: 'people', mode: 'AccessExclusiveLock' })
    expect(state.locks[0]!.waitedMs).toBeGreaterThan(50)
  })
})

describe('an exercise that forbids a lock', () => {
  const up = 'ALTER TABLE notes ADD done boolean;\nUPDATE notes SET done = false;\nCREATE INDEX ON people (name)'

  test('names the statement, the lock, the step and whom it keeps waiting', async () => {
    const { migration } = await exercise.begin({ 'up.sql': up, 'down.sql': '' })
    expect(await failureOf(migration.expectNoLock('notes', ['AccessExclusiveLock']))).toBe(
      'up.sql, statement 1 took an AccessExclusiveLock on notes and kept it while statement 2 to 3 ran. Meanwhile readers and writers of notes have to wait.\n  ALTER TABLE notes ADD done boolean',
    )
    expect(await failureOf(migration.expectNoLock('people', ['ShareLock']))).toContain(
      'statement 3 took a ShareLock on people. Meanwhile writers of',
    )
  })

  test('can bear with it as long as no other statement runs meanwhile', async () => {
    const { migration } = await exercise.begin({ 'up.sql': up, 'down.sql': '' })
    await migration.expectNoLock('people', ['ShareLock'], { whileOthersRun: true })
    expect(await failureOf(migration.expectNoLock('notes', ['AccessExclusiveLock'], { whileOthersRun: true }))).toContain('kept it while')
    await migration.expectNoLock('notes', ['ShareLock', 'ExclusiveLock'])
  })

  test('is told when it asks for a table that it does not have', async () => {
    const { migration } = await exercise.begin({ 'up.sql': up, 'down.sql': '' })
    expect(await failureOf(migration.expectNoLock('nots', ['ShareLock']))).toContain('The exercise has no table "nots"')
  })
})
