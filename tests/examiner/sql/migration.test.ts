import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FileMap } from '../../../core/submission.ts'
import { migrationFixtures } from '../../../examiner/sql/migration/migration-fixtures.ts'
import { failureOf, prepareExercise } from './migration-harness.ts'

let exercise: Awaited<ReturnType<typeof prepareExercise>>
beforeAll(async () => {
  exercise = await prepareExercise(FILES)
}, 60_000)
afterAll(() => exercise[Symbol.asyncDispose]())

const FILES = {
  'schema.sql': `
    CREATE TYPE mood AS ENUM ('low', 'high');
    CREATE TABLE people (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, full_name text NOT NULL, email varchar(100), mood mood DEFAULT 'low');
    CREATE TABLE notes (id serial PRIMARY KEY, person_id int NOT NULL REFERENCES people ON DELETE CASCADE, body text);
    CREATE VIEW note_count AS SELECT person_id, count(*) AS notes FROM notes GROUP BY person_id;`,
  'seed.sql': `
    INSERT INTO people (full_name, email) SELECT 'Name' || g || ' Family' || g, lower('P' || g || '@example.org') FROM generate_series(1, 20) g;
    INSERT INTO notes (person_id, body) SELECT 1 + (random() * 19)::int, 'note ' || g FROM generate_series(1, 30) g;`,
  'wanted.sql': `
    CREATE TYPE mood AS ENUM ('low', 'high');
    CREATE TABLE people (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, first_name text NOT NULL, last_name text NOT NULL,
      email varchar(100) UNIQUE, mood mood DEFAULT 'low', CHECK (first_name <> ''));
    CREATE TABLE notes (id serial PRIMARY KEY, person_id int NOT NULL REFERENCES people ON DELETE CASCADE, body text);
    CREATE INDEX ON notes (person_id);
    CREATE VIEW note_count AS SELECT person_id, count(*) AS notes FROM notes GROUP BY person_id;`,
}

const UP = `
  ALTER TABLE people ADD COLUMN first_name text, ADD COLUMN last_name text;
  UPDATE people SET first_name = split_part(full_name, ' ', 1), last_name = split_part(full_name, ' ', 2);
  ALTER TABLE people ALTER first_name SET NOT NULL, ALTER last_name SET NOT NULL, DROP COLUMN full_name,
    ADD CONSTRAINT my_name CHECK (first_name <> ''), ADD UNIQUE (email);
  CREATE INDEX my_index ON notes (person_id);`
const DOWN = `
  DROP INDEX my_index;
  ALTER TABLE people ADD COLUMN full_name text;
  UPDATE people SET full_name = first_name || ' ' || last_name;
  ALTER TABLE people ALTER full_name SET NOT NULL, DROP COLUMN first_name, DROP COLUMN last_name, DROP CONSTRAINT people_email_key;`

const begin = (submission: FileMap, statementMs?: number) => exercise.begin(submission, statementMs)
const migrate = (up: string, down = DOWN, statementMs?: number) => begin({ 'up.sql': up, 'down.sql': down }, statementMs)

describe('a right migration', () => {
  test('goes up, down and up again', async () => {
    const { migration, db, state } = await migrate(UP)
    await migration.expectOldSchema()
    await migration.expectSnapshot()
    await migration.up()
    await migration.expectSchema()
    const names = await db.query<{ first_name: string }>('SELECT first_name FROM people ORDER BY id')
    const seeded = migration.seeded.rows('people').sort((a, b) => Number(a.id) - Number(b.id))
    expect(names.map(row => row.first_name)).toEqual(seeded.map(row => row.full_name!.split(' ')[0]))
    await db.mustFail(`INSERT INTO people (first_name, last_name, email) VALUES ('a', 'b', 'p1@example.org')`, [], { code: '23505' })
    await db.mustFail(`INSERT INTO people (first_name, last_name) VALUES ('', 'b')`, [], { code: '23514' })
    expect(await db.mustWork(`INSERT INTO people (first_name, last_name) VALUES ($1, 'b') RETURNING first_name`, ['a'])).toEqual([
      { first_name: 'a' },
    ])
    expect(await failureOf(db.mustFail(`INSERT INTO notes (person_id) VALUES (1)`))).toContain('It was taken.')
    await migration.down()
    await migration.expectOldSchema()
    await migration.expectSnapshot()
    await migration.up()
    await migration.expectSchema()
    expect(state.finding).toBeUndefined()
    expect(state.statements.map(({ file, number, inTransaction }) => `${file} ${number} ${inTransaction}`)).toEqual(
      ['up.sql', 'down.sql'].flatMap(file => [1, 2, 3, 4].map(number => `${file} ${number} true`)),
    )
  })
})

describe('the schema', () => {
  test.each([
    [
      'a column of another type',
      UP.replace('first_name text,', 'first_name varchar(50),'),
      'column people.first_name: expected text not null, got character varying(50) not null',
    ],
    ['a missing constraint', UP.replace(', ADD UNIQUE (email)', ''), 'unique constraint of people (email) is missing: UNIQUE (email)'],
    [
      'an index instead of a constraint',
      UP.replace(', ADD UNIQUE (email)', '') + 'CREATE UNIQUE INDEX ON people (email)',
      'unique index on people (email) should not be there',
    ],
    [
      'a constraint that is not valid',
      UP.replace(`(first_name <> '')`, `(first_name <> '') NOT VALID`),
      "got CHECK (first_name <> ''::text) NOT VALID",
    ],
    ['a missing index', UP.replace(/CREATE INDEX.*/, ''), 'index on notes (person_id) is missing'],
    [
      'another index',
      UP.replace('(person_id)', '(person_id DESC)'),
      'index on notes (person_id): expected CREATE INDEX ON notes USING btree (person_id), got CREATE INDEX ON notes USING btree (person_id DESC)',
    ],
    [
      'a default',
      UP + `ALTER TABLE people ALTER mood SET DEFAULT 'high'`,
      `column people.mood: expected mood default 'low'::mood, got mood default 'high'::mood`,
    ],
    ['a bookkeeping table', UP + 'CREATE TABLE schema_migrations (version text)', 'table schema_migrations should not be there: a table'],
    [
      'a view in a table’s place',
      UP + 'ALTER TABLE people RENAME TO people_; CREATE VIEW people AS SELECT * FROM people_',
      'table people is missing',
    ],
    ['row security', UP + 'ALTER TABLE people ENABLE ROW LEVEL SECURITY', 'got a table, row security enabled'],
    ['rights taken away', UP + 'REVOKE ALL ON people FROM learner', 'rights changed: none'],
    [
      'a trigger',
      UP +
        'CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$; CREATE TRIGGER a BEFORE INSERT ON people FOR EACH ROW EXECUTE FUNCTION swallow()',
      'trigger of people should not be there',
    ],
    [
      'an enum’s label',
      UP + `ALTER TYPE mood ADD VALUE 'middle' BEFORE 'high'`,
      `type mood: expected enum ('low', 'high'), got enum ('low', 'middle', 'high')`,
    ],
    [
      'a sequence that is detached',
      UP + `ALTER SEQUENCE notes_id_seq OWNED BY NONE`,
      `column notes.id: expected integer not null default the next of its own sequence (integer), got integer not null default nextval('notes_id_seq'::regclass)`,
    ],
    [
      'a key without its action',
      UP + 'ALTER TABLE notes DROP CONSTRAINT notes_person_id_fkey, ADD FOREIGN KEY (person_id) REFERENCES people',
      'foreign key of notes (person_id): expected FOREIGN KEY (person_id) REFERENCES people(id) ON DELETE CASCADE, got FOREIGN KEY (person_id) REFERENCES people(id)',
    ],
    ['an unlogged table', UP + 'DROP TABLE IF EXISTS x; ALTER TABLE notes SET UNLOGGED', 'got a table, unlogged'],
    ['another schema', UP + 'CREATE SCHEMA more', 'schema more should not be there'],
    [
      'names that would inject',
      UP + `CREATE TABLE "x'; DROP TABLE people; --" ("a b""c" int)`,
      `table x'; DROP TABLE people; -- should not be there`,
    ],
  ])('tells of %s', async (_, up, line) => {
    const { migration } = await migrate(up)
    await migration.up()
    expect(await failureOf(migration.expectSchema())).toContain(line)
  })

  test('is the same with other names of constraints and indexes, another order of columns and a comment', async () => {
    const { migration } = await migrate(`${UP}
      ALTER TABLE notes DROP COLUMN body, ADD COLUMN body text; ALTER TABLE notes RENAME CONSTRAINT notes_pkey TO x;
      COMMENT ON TABLE notes IS 'hello'; ALTER SEQUENCE notes_id_seq RENAME TO other`)
    await migration.up()
    await migration.expectSchema()
  })
})

describe('rows', () => {
  test('that were lost are told', async () => {
    const { migration } = await migrate(UP.replace('UPDATE', 'DELETE FROM people WHERE id = 7; UPDATE'))
    await migration.up()
    await migration.down()
    await migration.expectOldSchema()
    expect(await failureOf(migration.expectSnapshot())).toMatch(
      /^The rows are not what they were. Table notes: |Table people: expected 20 rows, got 19: 1 missing/,
    )
  })

  test('are not restored by a down that does nothing, which the next test doesn’t feel', async () => {
    const { migration, state } = await migrate(UP, '-- nothing')
    await migration.up()
    await migration.down()
    expect(await failureOf(migration.expectOldSchema())).toContain('column people.full_name is missing')
    expect(await failureOf(migration.up())).toMatch(
      /^up works on the old schema, but not after down: up.sql, statement 1: .* already exists$/,
    )
    expect(state).toMatchObject({ finding: undefined, ended: false })
    const next = migrationFixtures(exercise.prepared, state, 30_000, new AbortController().signal)
    await next.migration.up()
    await next.migration.down()
    const last = migrationFixtures(exercise.prepared, state, 30_000, new AbortController().signal)
    await last.migration.up()
    await last.migration.expectSchema()
  })

  test('are known from before, and differ by the seed', async () => {
    const { migration } = await migrate(UP)
    expect(migration.seeded.tables).toEqual(['notes', 'people'])
    expect(migration.seeded.rows('people')).toHaveLength(20)
    expect(() => migration.seeded.rows('nobody')).toThrow('no table "nobody"')
  })
})

describe('transactions', () => {
  test('a failing step leaves nothing of itself, and earlier steps stay', async () => {
    const { migration, state } = await begin({
      'steps/1-a.up.sql': 'CREATE TABLE a ()',
      'steps/1-a.down.sql': 'DROP TABLE a',
      'steps/2-b.up.sql': 'CREATE TABLE b (); SELECT nothing',
      'steps/2-b.down.sql': 'DROP TABLE b',
    })
    expect(await failureOf(migration.up())).toBe('steps/2-b.up.sql, statement 2: PostgreSQL says (42703): column "nothing" does not exist')
    expect((await migration.snapshot()).tables).toEqual(['a', 'notes', 'people'])
    expect(state.ended).toBe(true)
    expect(state.finding).toMatchObject({ outcome: 'runtime_error', code: 'sql_error' })
    expect(state.sqlError).toEqual({
      code: '42703',
      message: 'column "nothing" does not exist',
      plain: expect.stringContaining('There is no column of that name here'),
      file: 'steps/2-b.up.sql',
      statementNumber: 2,
      statement: 'SELECT nothing',
      position: 8,
    })
    expect(await failureOf(migration.down())).toContain('down was not run')
  })

  test('a step may ask for none, or bring its own', async () => {
    const { migration, state } = await migrate(
      `-- assay: no-transaction\nCREATE INDEX CONCURRENTLY a ON notes (body); BEGIN; DROP INDEX a; COMMIT; ${UP}`,
    )
    await migration.up()
    await migration.expectSchema()
    expect(state.statements.slice(0, 5).map(run => run.inTransaction)).toEqual([false, true, true, true, false])
  })

  test.each([
    ['left open', 'BEGIN; CREATE TABLE a ()', 'The file ends inside a transaction that it began', 'open_transaction'],
    ['concurrently inside one', 'CREATE INDEX CONCURRENTLY a ON notes (body)', '(25001)', 'sql_error'],
    [
      'that fails when it commits',
      'ALTER TABLE notes ADD CONSTRAINT x FOREIGN KEY (id) REFERENCES people DEFERRABLE INITIALLY DEFERRED NOT VALID; INSERT INTO notes (id, person_id) VALUES (1000, 1)',
      '(23503)',
      'sql_error',
    ],
  ])('%s is the learner’s fault', async (_, up, words, code) => {
    const { migration, state } = await migrate(up)
    expect(await failureOf(migration.up())).toContain(words)
    expect(state.finding).toMatchObject({ outcome: 'runtime_error', code })
  })
})

describe('a hostile migration', () => {
  test.each([
    ['COPY … PROGRAM', `COPY people TO PROGRAM 'id'`, 'runtime_error'],
    ['a database', '-- assay: no-transaction\nCREATE DATABASE mine', 'runtime_error'],
    ['a role', 'CREATE ROLE mine SUPERUSER', 'runtime_error'],
    ['another role', 'SET ROLE assay', 'runtime_error'],
    ['settings of the database', 'ALTER DATABASE app SET search_path = mine', 'runtime_error'],
    ['an untrusted language', 'CREATE EXTENSION plpython3u', 'runtime_error'],
    ['loading code', `LOAD 'plperl'`, 'runtime_error'],
    ['constraints off', 'ALTER TABLE notes DISABLE TRIGGER ALL', 'runtime_error'],
    ['changing the catalogue', `UPDATE pg_attribute SET attnotnull = true`, 'runtime_error'],
    [
      'never ending',
      `SET statement_timeout = 0; DO $$ BEGIN LOOP BEGIN PERFORM pg_sleep(10); EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP; END $$`,
      'time_limit',
    ],
    [
      'a flood of notices',
      `SET client_min_messages = notice; DO $$ BEGIN LOOP RAISE NOTICE '%', repeat('x', 100000); END LOOP; END $$`,
      'output_limit',
    ],
    ['large objects', "SELECT lo_from_bytea(0, decode(repeat('00', 1000000), 'hex'))", 'runtime_error'],
    ['ending other sessions', 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()', 'runtime_error'],
    ['ending its own session', 'SELECT pg_terminate_backend(pg_backend_pid())', 'runtime_error'],
  ])('%s ends as its own fault', async (_, up, outcome) => {
    const { migration, state } = await migrate(up, DOWN, outcome === 'time_limit' ? 300 : undefined)
    expect(await failureOf(migration.up())).toContain('up.sql, statement')
    expect(state.finding?.outcome).toBe(outcome)
    await state.reset()
  })

  test.each([
    `DO $$ BEGIN RAISE EXCEPTION '%', (SELECT string_agg(email, ' ') FROM people); END $$`,
    `SELECT email::int FROM people`,
    `SELECT email::regclass FROM people`,
    `SELECT ('"' || string_agg(email, ' ') || '"')::int FROM people`,
    `SELECT query_to_xml('SELECT "' || string_agg(email, ' ') || '"', true, true, '') FROM people`,
    `INSERT INTO people (id, full_name, email) OVERRIDING SYSTEM VALUE SELECT 1, full_name, email FROM people`,
    `ALTER TABLE people ALTER email TYPE regclass USING email::regclass`,
  ])('does not read seeded rows out of error messages: %s', async up => {
    const { migration, state } = await migrate(up)
    const message = await failureOf(migration.up())
    expect(state.finding?.outcome).toBe('runtime_error')
    expect(message + JSON.stringify([state.finding, state.sqlError])).not.toMatch(/p\d+@example/)
  })

  test.each([
    ['names of tables', `FOR r IN SELECT email FROM people LOOP EXECUTE format('CREATE TABLE %I ()', r.email); END LOOP;`],
    ['names in quotes', `FOR r IN SELECT email FROM people LOOP EXECUTE format('CREATE TABLE %I ()', ' "' || r.email); END LOOP;`],
    ['names of columns', `SELECT min(email) AS e INTO r FROM people; EXECUTE format('ALTER TABLE notes ADD %I int', r.e);`],
    [
      'a default',
      `SELECT string_agg(email, ' ') AS e INTO r FROM people; EXECUTE format('ALTER TABLE people ALTER email SET DEFAULT %L', r.e);`,
    ],
    [
      'a check',
      `SELECT string_agg(email, ' ') AS e INTO r FROM people; EXECUTE format('ALTER TABLE people ADD CHECK (email <> %L)', r.e);`,
    ],
    ['a label', `SELECT min(email) AS e INTO r FROM people; EXECUTE format('ALTER TYPE mood ADD VALUE %L', r.e);`],
    ['a view', `SELECT min(email) AS e INTO r FROM people; EXECUTE format('CREATE VIEW v AS SELECT %L::text AS email', r.e);`],
    [
      'names of signs',
      `SELECT min(translate(email, 'p0123456789@', '☀☁☂☃★☆☎☏☐☑☒☓')) AS e INTO r FROM people; EXECUTE format('CREATE TABLE %I ()', r.e);`,
    ],
    [
      'a row of known words',
      `SELECT string_agg(replace(replace(email, '@example.org', ''), 'p', 'zero one '), ' ') AS e INTO r FROM people;
       EXECUTE format('ALTER TABLE people ALTER email SET DEFAULT %L', r.e);`,
    ],
  ])('does not read seeded rows out of the schema: %s', async (_, body) => {
    const { migration } = await migrate(`${UP} CREATE TABLE mine (); DO $$ DECLARE r record; BEGIN ${body} END $$`)
    await migration.up()
    const error = await migration.expectSchema().catch((failure: unknown) => failure)
    const shown = `${(error as Error).message} ${JSON.stringify(error)}`
    expect(shown).toContain('table mine should not be there: a table')
    expect(shown).toMatch(/not in the exercise or in your migration/)
    expect(shown).not.toMatch(/p\d+@example|zero one|☀/)
  })

  test('does not read seeded rows out of what a trigger raises', async () => {
    const { migration, db } = await migrate(`${UP}
      CREATE FUNCTION spy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE '%', (SELECT string_agg(email, ' ') FROM people); END $$;
      CREATE TRIGGER a BEFORE INSERT ON people FOR EACH ROW EXECUTE FUNCTION spy()`)
    await migration.up()
    const insert = `INSERT INTO people (first_name, last_name) VALUES ('', 'b')`
    expect(await failureOf(db.mustFail(insert))).toMatch(/It failed with P0001: An error inside a function/)
    expect(await failureOf(db.mustWork(insert))).toMatch(/It failed with P0001: An error inside a function/)
  })

  test('can’t blind the tests by rights, row security or settings', async () => {
    const { migration, db } = await migrate(`${UP}
      ALTER TABLE people ENABLE ROW LEVEL SECURITY; ALTER TABLE people FORCE ROW LEVEL SECURITY;
      ALTER ROLE learner SET search_path = mine; ALTER ROLE learner SET local_preload_libraries = 'nothing';
      REVOKE ALL ON ALL TABLES IN SCHEMA public FROM learner, PUBLIC; REVOKE ALL ON SCHEMA public FROM PUBLIC, learner`)
    await migration.up()
    expect(await db.query('SELECT count(*)::int AS n FROM people')).toEqual([{ n: 20 }])
    await db.mustFail(`INSERT INTO people (first_name, last_name) VALUES ('', 'b')`, [], { code: '23514' })
    expect(await failureOf(migration.expectSchema())).toContain('row security enabled')
    expect(await failureOf(migration.down())).toContain('down.sql, statement 1')
  })

  test('can’t have its own functions called in place of PostgreSQL’s', async () => {
    const { migration, db } = await migrate(`${UP} CREATE FUNCTION lower(varchar) RETURNS text LANGUAGE sql AS $$ SELECT 'mine' $$`)
    await migration.up()
    expect(await failureOf(db.query('SELECT lower(email) FROM people'))).toContain('function lower(character varying)')
  })

  test.each([
    ['an enum', `CREATE TYPE lower AS ENUM ('p1@example.org', 'p2@example.org')`, 'type lower'],
    ['a domain', 'CREATE DOMAIN lower AS varchar', 'domain lower'],
    ['a range', 'CREATE TYPE lower AS RANGE (SUBTYPE = varchar)', 'type lower'],
    ['a row', 'CREATE TYPE lower AS (email varchar)', 'type lower'],
  ])('can’t have %s called in place of PostgreSQL’s function', async (_, type, told) => {
    const { migration, db } = await migrate(`${UP} ${type}`)
    await migration.up()
    expect(await failureOf(db.query('SELECT lower(email) FROM people'))).toMatch(new RegExp(`in place of PostgreSQL's own: .*${told}`))
  })

  test('has views and triggers run without any right to speak of', async () => {
    const { migration, db } = await migrate(`${UP}
      CREATE TABLE seen (who text);
      CREATE FUNCTION spy() RETURNS text LANGUAGE plpgsql AS $$ BEGIN INSERT INTO seen VALUES (current_user); RETURN current_user; END $$;
      ALTER TABLE people RENAME TO people_; CREATE VIEW people WITH (security_invoker) AS SELECT *, spy() AS spy FROM people_`)
    await migration.up()
    expect(await failureOf(db.query('SELECT * FROM people'))).toContain('failed with 25006')
    expect(await failureOf(migration.snapshot().then(taken => taken.rows('seen').length))).toBe('nothing failed')
  })

  test('that drops what it was given is only wrong', async () => {
    const { migration, state } = await migrate('-- assay: no-transaction\nDROP OWNED BY learner')
    await migration.up()
    expect(await failureOf(migration.expectSchema())).toContain('table people is missing')
    await state.reset()
    await migration.up()
    expect(await failureOf(migration.down())).toContain('down.sql')
    await state.reset()
    await migration.expectOldSchema()
  })

  test('is stopped when the test’s time is over', async () => {
    const { state } = await migrate('SELECT pg_sleep(100)')
    const stop = new AbortController()
    const { migration } = migrationFixtures(exercise.prepared, state, 60_000, stop.signal)
    const going = failureOf(migration.up())
    stop.abort()
    expect(await going).toContain('still running when the test')
    expect(state.finding).toMatchObject({ outcome: 'time_limit', code: 'test_timeout' })
  })
})
