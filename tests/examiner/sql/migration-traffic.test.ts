import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FileMap } from '../../../core/submission.ts'
import type { TrafficOptions } from '../../../examiner/sql/migration/traffic-fixture.ts'
import { failureOf, prepareExercise } from './migration-harness.ts'

const FILES = {
  'schema.sql': `
    CREATE TABLE people (id int PRIMARY KEY, name text NOT NULL);
    CREATE TABLE notes (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text NOT NULL);`,
  'seed.sql': `
    INSERT INTO people SELECT g, 'Name' || g FROM generate_series(1, 20) g;
    INSERT INTO notes (body) SELECT 'note ' || g FROM generate_series(1, 100) g;`,
  'wanted.sql': 'CREATE TABLE people (id int); CREATE TABLE notes (id int);',
}

let exercise: Awaited<ReturnType<typeof prepareExercise>>
beforeAll(async () => {
  exercise = await prepareExercise(FILES)
}, 60_000)
afterAll(() => exercise[Symbol.asyncDispose]())

const OLD = [
  { sql: "INSERT INTO notes (body) VALUES ('new')" },
  'SELECT name FROM people WHERE id = 1',
  'UPDATE notes SET body = body WHERE id = 1',
]

async function traffic(up: string | FileMap, options: Partial<TrafficOptions> = {}) {
  const files = typeof up === 'string' ? { 'up.sql': up, 'down.sql': '' } : up
  const { migration, state, db } = await exercise.begin(files)
  const end = migration.upUnderTraffic({ old: OLD, ...options })
  return { failure: await failureOf(end), end, state, migration, db }
}

describe('a migration that nobody feels', () => {
  test('passes, and what the application wrote is there', async () => {
    const { failure, end, db } = await traffic(`-- assay: no-transaction
      ALTER TABLE notes ADD seen boolean NOT NULL DEFAULT false;
      CREATE INDEX CONCURRENTLY ON notes (body);
      SELECT pg_sleep(0.5)`)
    expect(failure).toBe('nothing failed')
    const { ran, longestWaitMs } = await end
    expect(ran.old).toBeGreaterThan(12)
    expect(longestWaitMs).toBeLessThan(300)
    const [written] = await db.query("SELECT count(*)::int AS n FROM notes WHERE body = 'new'")
    expect(written!.n).toBeGreaterThan(4)
  })

  test('may hold a lock that nobody wants, and let the application wait for itself', async () => {
    const { failure } = await traffic('LOCK TABLE people IN SHARE MODE; SELECT pg_sleep(0.6)', {
      old: [...OLD, 'SELECT pg_sleep(0.1) FROM people WHERE id = 3 FOR SHARE'],
      maxWaitMs: 100,
    })
    expect(failure).toBe('nothing failed')
  })
})

test('a wait is as long as the migration works meanwhile, also where a busy machine gives no time to look', async () => {
  const busy = setInterval(() => {
    for (const until = performance.now() + 150; performance.now() < until;);
  }, 1)
  try {
    const { failure } = await traffic('LOCK TABLE notes; SELECT count(md5(g::text)) FROM generate_series(1, 1500000) g')
    expect(failure).toMatch(/kept waiting for up to \d+ s; 0\.3 s are allowed/)
  } finally {
    clearInterval(busy)
  }
})

describe('a finding', () => {
  test.each([
    [
      'a table that is locked while something else is done',
      'ALTER TABLE notes ADD seen boolean;\nSELECT pg_sleep(1)',
      [
        /old version of the application was kept waiting for up to \d+ s; 0\.3 s are allowed/,
        /waited for RowExclusiveLock on notes, where up\.sql, statement 2 holds AccessExclusiveLock/,
        'application: INSERT INTO notes',
        'migration:   SELECT pg_sleep(1)',
      ],
    ],
    [
      'a table that stays locked over many short statements',
      `LOCK TABLE notes; ${'SELECT pg_sleep(0.05);'.repeat(48)}`,
      ['kept waiting', /waited for RowExclusiveLock on notes, where up\.sql, statement \d+ holds AccessExclusiveLock/],
    ],
    [
      'a row that is changed long before the end',
      'UPDATE notes SET body = body; SELECT pg_sleep(1)',
      [/waited for a row of notes, where up\.sql, statement 2 /, 'application: UPDATE notes SET body = body WHERE id = 1'],
    ],
    [
      'one that waits behind others that wait for the migration',
      'SELECT FROM people WHERE id = 1 FOR UPDATE; SELECT pg_sleep(1)',
      ['kept waiting', "application: UPDATE people SET name = 'x'"],
      { old: ["UPDATE people SET name = 'x' WHERE id = 1"] },
    ],
    [
      'a statement that fails from a step on',
      {
        'steps/1-a.up.sql': 'ALTER TABLE notes RENAME body TO text',
        'steps/1-a.down.sql': '',
        'steps/2-b.up.sql': 'ALTER TABLE notes RENAME text TO body',
        'steps/2-b.down.sql': '',
      },
      [
        /old version of the application fails after steps\/1-a\.up\.sql, statement 1: 42703: column "body"/,
        "application: INSERT INTO notes (body) VALUES ('new')",
      ],
    ],
    [
      'a statement that fails in a state between two that stand for themselves',
      '-- assay: no-transaction\nALTER TABLE people RENAME TO folk; CREATE VIEW people AS SELECT * FROM folk',
      [/fails (during|after) up\.sql, statement 1: 42P01: relation "people"/],
    ],
    [
      'a new version that can’t work on what up leaves',
      'ALTER TABLE notes ADD seen boolean',
      [/new version of the application fails after up\.sql, statement 1: 42703/],
      { new: ['SELECT read FROM notes'] },
    ],
    [
      'a migration that fails for what the application did',
      `SELECT pg_sleep(0.3); ALTER TABLE notes ADD CHECK (body <> 'new')`,
      ['While the application works, up fails: up.sql, statement 2: PostgreSQL says (23514)'],
    ],
  ])('is %s', async (_, up, words, options?: Partial<TrafficOptions>) => {
    const { failure, state } = await traffic(up, options)
    for (const each of words) expect(failure).toMatch(each)
    expect(state.finding).toBeUndefined()
  })

  test('says nothing of rows that a trigger raises', async () => {
    const { failure } = await traffic(`
      CREATE FUNCTION spy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE '%', (SELECT string_agg(name, ' ') FROM people); END $$;
      CREATE TRIGGER a BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION spy()`)
    expect(failure).toContain('P0001: An error inside a function')
    expect(failure).not.toContain('Name1')
  })
})

test.each([
  [
    'end its sessions',
    'PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user AND pid <> pg_backend_pid()',
    /its session was ended|kept waiting/,
  ],
  ['lead it to other tables', `PERFORM set_config('search_path', 'mine', false), set_config('lock_timeout', '1', false)`, /kept waiting/],
])('a trigger of the learner’s can’t %s unseen', async (_, does, words) => {
  const { failure } = await traffic({
    'steps/1-a.up.sql': `CREATE SCHEMA mine; CREATE TABLE mine.notes (id int, body text); CREATE TABLE mine.people AS TABLE people; GRANT USAGE ON SCHEMA mine TO PUBLIC;
      CREATE FUNCTION spy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${does}; RETURN NEW; END $$;
      CREATE TRIGGER a BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION spy()`,
    'steps/1-a.down.sql': '',
    'steps/2-b.up.sql': 'LOCK TABLE notes; SELECT pg_sleep(1)',
    'steps/2-b.down.sql': '',
  })
  expect(failure).toMatch(words)
})

describe('two versions', () => {
  const steps = (contract: string) => ({
    'steps/01-expand.up.sql': 'ALTER TABLE notes ADD text text; ALTER TABLE notes ALTER body DROP NOT NULL',
    'steps/01-expand.down.sql': '',
    'steps/02-backfill.up.sql': 'UPDATE notes SET text = body WHERE id < 50',
    'steps/02-backfill.down.sql': '',
    'steps/03-contract.up.sql': contract,
    'steps/03-contract.down.sql': '',
  })
  const options = { new: ["INSERT INTO notes (text) VALUES ('newer')"], newAfter: 'expand', oldUntil: 'contract' }

  test('work side by side from one step to another', async () => {
    const { failure, end } = await traffic(steps('ALTER TABLE notes DROP body'), options)
    expect(failure).toBe('nothing failed')
    expect((await end).ran.new).toBeGreaterThan(1)
  })

  test('make a step that does nothing of what its name says fail', async () => {
    const { failure } = await traffic({ ...steps('SELECT 1'), 'steps/02-backfill.up.sql': 'ALTER TABLE notes DROP body' }, options)
    expect(failure).toMatch(/old version of the application fails after steps\/02-backfill/)
  })

  test('need their steps', async () => {
    const { failure } = await traffic('SELECT 1', options)
    expect(failure).toBe('The migration has no step "expand": a file steps/NN-expand.up.sql is expected.')
  })
})

test('an exercise whose application does not work on its old schema is told', async () => {
  const { failure } = await traffic('SELECT 1', { old: ['SELECT nothing FROM notes'] })
  expect(failure).toContain('A statement of the old version fails before the migration')
})
