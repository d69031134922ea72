import type { EndpointManifest } from '../../core/exercise.ts'
import { FIXED } from '../../core/limits.ts'
import type { FileMap } from '../../core/submission.ts'
import type { Pod } from '../pod.ts'
import { loadFiles } from '../sql/load.ts'
import { INSPECTOR, LEARNER, learnerRole, roleSql, settingsSql, SUPERUSER, type RoleSpec } from '../sql/roles.ts'
import { COUNTING } from './query-cost.ts'
import { closeSession, createDatabase, FIRST, openAdmin, withSession } from '../sql/server.ts'

/*
 * The exercise's tables belong to the superuser, so that a program can't put a view in the place of a table, take away the
 * tests' right to read, or switch off a constraint. It may read and write their rows, and make tables, indexes, sequences
 * and types of its own beside them, as an app does at its start. Functions, operators and casts it may not make: in the
 * tests' own search path they would answer in the place of PostgreSQL's (the event triggers below), and so
 * would types of a function's name: PostgreSQL reads lower(x) as a cast to a type "lower" where nothing fits better.
 * The tests may lock the exercise's tables (db.hold), which takes the right to maintain them.
 * Both roles exist when the exercise's schema is run, which may grant or revoke more.
 */
const RIGHTS = `
  ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES ON TABLES TO ${LEARNER};
  ALTER DEFAULT PRIVILEGES GRANT MAINTAIN ON TABLES TO ${INSPECTOR};
  ALTER DEFAULT PRIVILEGES GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO ${LEARNER};
  ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO ${LEARNER};
  GRANT CREATE ON SCHEMA public TO ${LEARNER};`

const ALLOWED = ['TABLE', 'INDEX', 'SEQUENCE', 'VIEW', 'MATERIALIZED VIEW', 'TYPE']
  .flatMap(object => [`CREATE ${object}`, `ALTER ${object}`, `DROP ${object}`])
  .concat('CREATE TABLE AS', 'SELECT INTO', 'COMMENT', 'REFRESH MATERIALIZED VIEW', 'REINDEX')

/* PERFORM counts as a statement (query-cost.ts): PostgreSQL 17 counts a CREATE TABLE AS when it has ended well, and not what it reads until then. */
const GUARD = `
  CREATE SCHEMA assay_guard;
  REVOKE ALL ON SCHEMA assay_guard FROM ${LEARNER};
  CREATE FUNCTION assay_guard.refuse() RETURNS event_trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
    BEGIN
      IF session_user <> '${LEARNER}' THEN RETURN; END IF;
      IF tg_tag <> ALL ('{${ALLOWED.join(',')}}') THEN
        RAISE insufficient_privilege USING MESSAGE = tg_tag || ' is not allowed in this exercise';
      END IF;
      PERFORM /* for a change of the schema */ WHERE false;
    END $$;
  CREATE FUNCTION assay_guard.refuse_type() RETURNS event_trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
    BEGIN
      IF EXISTS (
        SELECT FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid WHERE t.typowner = '${LEARNER}'::regrole
          AND (t.typtype = 'r' OR ((t.typtype = 'e' OR c.relkind = 'c') AND t.typname IN (SELECT proname FROM pg_proc)))
      ) THEN
        RAISE insufficient_privilege USING MESSAGE = 'a type that can be called like a function is not allowed in this exercise';
      END IF;
    END $$;
  CREATE EVENT TRIGGER assay_guard ON ddl_command_start EXECUTE FUNCTION assay_guard.refuse();
  CREATE EVENT TRIGGER assay_guard_type ON ddl_command_end WHEN TAG IN ('CREATE TYPE', 'ALTER TYPE') EXECUTE FUNCTION assay_guard.refuse_type();`

/** The tests' sessions pin their settings at login (database-fixture.ts). */
const TESTS_ROLE: RoleSpec = {
  name: INSPECTOR,
  attributes: ['LOGIN', 'NOSUPERUSER', 'NOCREATEDB', 'NOCREATEROLE', 'NOREPLICATION', 'CONNECTION LIMIT 10'],
  settings: {},
}

/**
 * Makes the roles, and database "app_template" from the exercise's schema and seed; then has "app" made from it, before
 * the program is started. Throws InvalidInput naming the file whose SQL fails.
 */
export async function prepareDatabase(
  pod: Pod,
  files: FileMap,
  { schema, seed: rows, statistics }: NonNullable<EndpointManifest['services']['postgres']>,
  seed: number,
  statementMs: number,
): Promise<void> {
  const { admin } = await openAdmin(pod.openDb)
  const roles = [learnerRole(FIXED.endpointConnections, statementMs), TESTS_ROLE].map(roleSql)
  await admin.query(`${roles.join('; ')}; GRANT pg_read_all_data TO ${INSPECTOR}`)
  await createDatabase(admin, 'app_template')
  // Not in the database that others are made from, until they are.
  if (statistics) await admin.query(COUNTING)
  await withSession(pod.openDb, SUPERUSER, 'app_template', async client => {
    await client.query(RIGHTS)
    await loadFiles(client, files, rows === undefined ? [schema] : [schema, rows], seed)
    await client.query(GUARD)
    await client.query('ANALYZE')
  })
  // A session in the template would keep "app" from being made anew.
  await admin.query('ALTER DATABASE app_template ALLOW_CONNECTIONS false')
  await closeSession(admin)
  await pod.control('db.reset')
}

/** Makes "app" as new. Settings that a program gave its own role outlive its database, so they are taken back, too. */
export async function makeDatabaseAnew(pod: Pod, statementMs: number): Promise<void> {
  await pod.control('db.reset')
  await withSession(pod.openDb, SUPERUSER, FIRST, admin => admin.query(settingsSql(learnerRole(FIXED.endpointConnections, statementMs))))
}
