import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { manifestSchema, type MigrationManifest } from '../../../core/exercise.ts'
import type { FileMap } from '../../../core/submission.ts'
import { knownWords } from '../../../examiner/sql/error-words.ts'
import { migrationFixtures } from '../../../examiner/sql/migration-fixtures.ts'
import { MigrationState } from '../../../examiner/sql/migration-state.ts'
import { prepareMigration, type PreparedMigration } from '../../../examiner/sql/prepare-migration.ts'
import { readSteps } from '../../../examiner/sql/split.ts'
import type { TestServer } from '../../support/postgres.ts'
import { startServer } from './server.ts'

let server: TestServer
let prepared: PreparedMigration | undefined
beforeAll(async () => {
  server = await startServer()
}, 60_000)
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})
beforeEach(async () => {
  await prepared?.admin.end()
  prepared = undefined
  await server.reset()
})

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

const manifest = manifestSchema.parse({
  kind: 'migration',
  title: 'Names',
  difficulty: 'easy',
  tasks: [{ id: 'names', title: 'Names' }],
  limits: { statement: '1s' },
  seed: 'seed.sql',
}) as MigrationManifest

async function begin(submission: FileMap) {
  prepared = await prepareMigration(server.connect, manifest, FILES, 42)
  const steps = await readSteps(submission)
  if ('refused' in steps) throw new Error(steps.refused.message)
  const known = knownWords(...Object.values(submission), FILES['schema.sql'], FILES['wanted.sql'])
  const state = new MigrationState(prepared, steps, 1000, known)
  await state.reset()
  return { state, ...migrationFixtures(prepared, state, 1000, new AbortController().signal) }
}

const migrate = (up: string, down = DOWN) => begin({ 'up.sql': up, 'down.sql': down })
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'nothing failed',
    (error: Error) => error.message,
  )

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
