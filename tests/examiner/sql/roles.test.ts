import type { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { manifestSchema } from '../../../core/exercise.ts'
import { prepareDatabase } from '../../../examiner/endpoint/prepare-database.ts'
import type { Pod } from '../../../examiner/pod.ts'
import { prepareMigration, resetMigration } from '../../../examiner/sql/migration/prepare-migration.ts'
import { prepareQuery } from '../../../examiner/sql/query/prepare-query.ts'
import { startPostgres, type TestServer } from '../../support/postgres.ts'

/*
 * Who may do what on a server that is ready for a learner's text, read out of the server itself, for each kind. A
 * restriction that is taken out of the source is missing here, whatever else would stand in an attacker's way.
 */
let server: TestServer
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server[Symbol.asyncDispose]())

const COMMON = { title: 'Sample', difficulty: 'easy', tasks: [{ id: 'one', title: 'One' }], limits: { statement: '3s' } }
const FILES = {
  'schema.sql': 'CREATE TABLE things (id serial PRIMARY KEY, name text)',
  'wanted.sql': 'CREATE TABLE things (id serial PRIMARY KEY, label text)',
  'reference.sql': 'SELECT name FROM things',
  'rows.sql': `INSERT INTO things (name) VALUES ('a')`,
}

/** Makes the server ready as for a grading; returns the database in which the learner's text will run. */
const KINDS = {
  async query(): Promise<string> {
    const dataset = (id: string) => ({ id, name: id, task: 'one', file: 'rows.sql' })
    const manifest = manifestSchema.parse({ ...COMMON, kind: 'query', datasets: [dataset('a'), dataset('b')] })
    if (manifest.kind !== 'query') throw new Error('no query')
    const { admin } = await prepareQuery(server.connect, manifest, FILES, 7)
    await admin.end()
    return 'dataset_1'
  },
  async migration(): Promise<string> {
    const manifest = manifestSchema.parse({ ...COMMON, kind: 'migration', seed: 'rows.sql' })
    if (manifest.kind !== 'migration') throw new Error('no migration')
    const prepared = await prepareMigration(server.connect, manifest, FILES, 7)
    await resetMigration(prepared, manifest.limits.statement)
    await prepared.admin.end()
    return 'app'
  },
  async endpoint(): Promise<string> {
    const control = async () => {
      const admin = await server.connect('assay', 'postgres')
      await admin.query('CREATE DATABASE app TEMPLATE app_template')
      await admin.end()
    }
    await prepareDatabase(
      { openDb: server.connect, control } as unknown as Pod,
      FILES,
      { schema: 'schema.sql', seed: 'rows.sql', statistics: false },
      7,
      3_000,
    )
    return 'app'
  },
}

const LEARNER = {
  rolname: 'learner',
  rolsuper: false,
  rolinherit: false,
  rolcreaterole: false,
  rolcreatedb: false,
  rolreplication: false,
  rolbypassrls: false,
  rolcanlogin: true,
}
const INSPECTOR = { ...LEARNER, rolname: 'inspector', rolinherit: true }
const SEES_ALL = { rolbypassrls: true, rolconnlimit: -1 }

const EXPECTED: Record<keyof typeof KINDS, { roles: unknown[]; members: string[]; rights: string[] }> = {
  query: {
    roles: [
      { ...INSPECTOR, ...SEES_ALL },
      { ...LEARNER, rolconnlimit: 2 },
    ],
    members: ['inspector in pg_read_all_data'],
    rights: ['SELECT things', 'SELECT things_id_seq', 'USAGE public'],
  },
  migration: {
    roles: [
      { ...INSPECTOR, ...SEES_ALL },
      { ...LEARNER, rolconnlimit: 4 },
      { ...INSPECTOR, ...SEES_ALL, rolname: 'writer' },
    ],
    members: ['inspector in pg_read_all_data', 'writer in pg_read_all_data', 'writer in pg_write_all_data'],
    rights: ['CONNECT app', 'CREATE app', 'CREATE public', 'TEMPORARY app', 'USAGE public', 'all on things', 'all on things_id_seq'],
  },
  endpoint: {
    roles: [
      { ...INSPECTOR, rolconnlimit: 10 },
      { ...LEARNER, rolconnlimit: 20 },
    ],
    members: ['inspector in pg_read_all_data'],
    rights: [
      'CONNECT app',
      'CREATE public',
      'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES things',
      'SELECT, UPDATE, USAGE things_id_seq',
      // A program may have temporary tables; the tests have a session of their own.
      'TEMPORARY app',
      'USAGE public',
    ],
  },
}

describe.each(Object.keys(KINDS) as (keyof typeof KINDS)[])('%s', kind => {
  let client: Client
  beforeAll(async () => {
    await server.reset()
    client = await server.connect('assay', await KINDS[kind]())
  })
  afterAll(() => client.end())
  const column = async (sql: string): Promise<unknown[]> => (await client.query({ text: sql, rowMode: 'array' })).rows.map(row => row[0])

  test('the roles have no attribute but these, and no membership but these', async () => {
    const { rows } = await client.query(
      `SELECT ${Object.keys(LEARNER).join(', ')}, rolconnlimit FROM pg_roles WHERE rolname !~ '^pg_' AND rolname <> 'assay' ORDER BY 1`,
    )
    expect(rows).toEqual(EXPECTED[kind].roles)
    const members = `SELECT member::regrole || ' in ' || roleid::regrole FROM pg_auth_members WHERE member >= 16384 OR roleid >= 16384 ORDER BY 1`
    expect(await column(members)).toEqual(EXPECTED[kind].members)
  })

  test('the learner’s settings hold', async () => {
    const settings = await column(`SELECT unnest(setconfig) FROM pg_db_role_setting WHERE setrole = 'learner'::regrole`)
    expect(settings).toEqual(
      expect.arrayContaining(['statement_timeout=3000ms', 'lock_timeout=3000ms', 'temp_file_limit=128MB', 'client_min_messages=error']),
    )
    expect(await column(`SELECT rolname FROM pg_parameter_acl, LATERAL aclexplode(paracl) a JOIN pg_roles ON oid = a.grantee`)).toEqual([])
  })

  test('the grader’s own sessions have what they need pinned', async () => {
    const settings = await column(`SELECT unnest(setconfig) FROM pg_db_role_setting WHERE setrole = 'inspector'::regrole`)
    // An endpoint's tests pin theirs at login (examiner/endpoint/database-fixture.ts).
    const pinned = ['search_path=public', 'default_transaction_read_only=on', 'lock_timeout=5s', 'statement_timeout=30s', 'TimeZone=UTC']
    expect(settings).toEqual(kind === 'endpoint' ? [] : expect.arrayContaining(pinned))
  })

  test('the learner has these rights and no others', async () => {
    expect(await column(RIGHTS)).toEqual(EXPECTED[kind].rights)
  })

  test('the learner may call no function of files, large objects, the log, sizes or the server’s affairs', async () => {
    const callable = `SELECT proname || '' FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace
      AND has_function_privilege('learner', oid, 'EXECUTE') AND proname ~ '${DANGEROUS}' ORDER BY 1`
    expect(await column(callable)).toEqual([])
    const there = await column(`SELECT DISTINCT proname || '' FROM pg_proc WHERE proname ~ '${DANGEROUS}'`)
    expect(there.length).toBeGreaterThan(50)
  })

  test('the learner owns nothing that answers for PostgreSQL, and nothing of ours', async () => {
    expect(await column(`SELECT proname FROM pg_proc WHERE proowner = 'learner'::regrole`)).toEqual([])
    expect(await column(`SELECT datname FROM pg_database WHERE datdba <> 10`)).toEqual([])
    expect(await column(`SELECT lanname || '' FROM pg_language WHERE lanpltrusted ORDER BY 1`)).toEqual(['plpgsql', 'sql'])
  })
})

const DANGEROUS = [
  '^lo_',
  '^lo(read|write)$',
  '^pg_read_',
  '^pg_ls_',
  '^pg_stat_file$',
  '^pg_stat_reset',
  '^pg_current_logfile$',
  '^pg_(reload_conf|rotate_logfile|promote|switch_wal|config)$',
  '^pg_(backup|create_restore|wal_replay_(pause|resume))',
  '^pg_(hba_file|ident_file|show_all_file)',
  '^pg_(get_shmem|get_backend_memory|log_)',
  '^pg_replication_origin',
  '^pg_(notify|export_snapshot|logical_emit_message)$',
  '^pg_(database|tablespace)_size$',
].join('|')

const list = (of: string, names: string) =>
  `(SELECT string_agg(p, ', ' ORDER BY n) FROM unnest('{${names}}'::text[]) WITH ORDINALITY AS u(p, n) WHERE has_${of}_privilege('learner', o.oid, p))`
const allOr = (words: string, name: string, relation: string) =>
  `SELECT CASE WHEN relowner = 'learner'::regrole THEN 'all on ' || relname ELSE ${words} || ' ' || relname END AS line
   FROM (SELECT * FROM pg_class WHERE ${relation} AND relnamespace = 'public'::regnamespace) o`
const RIGHTS = `SELECT line FROM (
    SELECT p || ' ' || datname AS line FROM pg_database o, unnest('{CREATE,CONNECT,TEMPORARY}'::text[]) p WHERE has_database_privilege('learner', o.oid, p)
    UNION ALL SELECT p || ' ' || nspname FROM pg_namespace o, unnest('{CREATE,USAGE}'::text[]) p
      WHERE has_schema_privilege('learner', o.oid, p) AND nspname NOT IN ('pg_catalog', 'information_schema')
    UNION ALL ${allOr(list('table', 'SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER,MAINTAIN'), 'table', `relkind = 'r'`)}
    UNION ALL ${allOr(list('sequence', 'SELECT,UPDATE,USAGE'), 'sequence', `relkind = 'S'`)}
    UNION ALL SELECT 'SET ' || name FROM pg_settings WHERE context = 'superuser' AND has_parameter_privilege('learner', name, 'SET')
    UNION ALL SELECT 'TABLESPACE ' || spcname FROM pg_tablespace o WHERE has_tablespace_privilege('learner', o.oid, 'CREATE')
    UNION ALL SELECT 'a wrapper' FROM pg_foreign_data_wrapper
  ) AS all_rights WHERE line IS NOT NULL ORDER BY line COLLATE "C"`

describe('the server', () => {
  let client: Client
  beforeEach(async () => {
    client = await server.connect('assay', 'postgres')
    return () => client.end()
  })

  test('has nothing that a learner could load, and lets nobody in but by these lines', async () => {
    const extensions = await client.query(
      `SELECT DISTINCT name, superuser AND NOT trusted AS ours FROM pg_available_extension_versions ORDER BY name`,
    )
    expect(extensions.rows).toEqual([
      { name: 'pg_stat_statements', ours: true },
      { name: 'plpgsql', ours: false },
    ])
    expect((await client.query('SHOW shared_preload_libraries')).rows).toEqual([{ shared_preload_libraries: '' }])
    const rules = await client.query(
      `SELECT concat_ws(' ', type, array_to_string(database, ','), array_to_string(user_name, ','), address, auth_method) AS rule FROM pg_hba_file_rules`,
    )
    expect(rules.rows.map(({ rule }) => rule)).toEqual(['local all all trust', 'host all learner 127.0.0.1 trust'])
  })

  test.each([
    ['max_prepared_transactions', '0'],
    ['max_wal_senders', '0'],
    ['max_worker_processes', '0'],
    ['max_logical_replication_workers', '0'],
    ['wal_level', 'minimal'],
    ['track_counts', 'off'],
    ['max_notify_queue_pages', '64'],
    ['authentication_timeout', '5'],
    ['max_connections', '40'],
    ['autovacuum', 'off'],
    ['jit', 'off'],
    ['log_statement', 'none'],
    ['listen_addresses', '127.0.0.1'],
    ['shared_preload_libraries', ''],
    ['session_preload_libraries', ''],
    ['restart_after_crash', 'on'],
    ['allow_system_table_mods', 'off'],
  ])('%s is %s', async (name, value) => {
    expect((await client.query('SELECT setting FROM pg_settings WHERE name = $1', [name])).rows).toEqual([{ setting: value }])
  })
})
