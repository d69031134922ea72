import type { Control, Evidence } from '../control.ts'

const ROLES = 'examiner/sql/roles.ts'
const SERVER = 'examiner/sql/server.ts'
const CLUSTER = 'sandbox-images/postgres/make-cluster'
const CONF = 'sandbox-images/postgres/postgresql.conf'
const HBA = 'sandbox-images/postgres/pg_hba.conf'
const ENDPOINT = 'examiner/endpoint/prepare-database.ts'
const GUARD = 'tests/examiner/endpoint/database.test.ts'

/** What a server that is ready for a learner's text says of itself: tests/examiner/sql/roles.test.ts. */
const roles = (named?: string): Evidence => ({ test: 'tests/examiner/sql/roles.test.ts', ...(named !== undefined && { named }) })

function role(name: string, from: string, to: string): Control {
  return { name, group: 'Database roles', takeAway: [{ file: ROLES, from, to }], shownBy: [roles('the roles have no attribute')] }
}

function setting(name: string, from: string): Control {
  return { name, group: 'Database roles', takeAway: [{ file: ROLES, from, to: '' }], shownBy: [roles('settings hold')] }
}

function right(name: string, file: string, from: string, to = ''): Control {
  return { name, group: 'Database rights', takeAway: [{ file, from, to }], shownBy: [roles()] }
}

/** A function that everybody could call. */
function denied(name: string, pattern: string): Control {
  return right(name, CLUSTER, `      OR proname ~ '${pattern}'\n`)
}

/** What is done while a query's server is prepared, and what a statement finds then. */
function prepared(name: string, file: string, from: string, named: string): Control {
  const shownBy = [{ test: 'tests/examiner/sql/query.test.ts', named }]
  return { name, group: 'Database rights', takeAway: [{ file, from, to: '' }], shownBy }
}

/** What keeps a statement from doing its work only while its plan isn't looked at. */
function inSight(name: string, file: string, from: string, to = ''): Control {
  const shownBy = [{ test: 'tests/examiner/sql/plan.test.ts', named: 'can’t tell that it is measured' }]
  return { name, group: 'Database rights', takeAway: [{ file, from, to }], shownBy }
}

/** A setting of the server, put back to PostgreSQL's own default. */
function server(name: string, from: string, setting: string): Control {
  return { name, group: 'Database server', takeAway: [{ file: CONF, from: `${from}\n`, to: '' }], shownBy: [roles(`${setting} is`)] }
}

function guard(name: string, from: string, to: string, ...shownBy: Evidence[]): Control {
  return { name, group: "An endpoint's database", takeAway: [{ file: ENDPOINT, from, to }], shownBy }
}

/** What a program would else ask its database without being counted. */
function counted(name: string, file: string, from: string, to: string, named: string): Control {
  const shownBy = [{ test: 'tests/examiner/endpoint/query-cost.test.ts', named }]
  return { name, group: 'Counted statements', takeAway: [{ file, from, to }], shownBy }
}

/** Restrictions of the learner's role, of what it may touch, and of the server it works on. */
export const DATABASE_CONTROLS: readonly Control[] = [
  role('the learner is no superuser', "'LOGIN',\n      'NOSUPERUSER',", "'LOGIN',\n      'SUPERUSER',"),
  role('the learner makes no databases', "'NOCREATEDB',\n", "'CREATEDB',\n"),
  role('the learner makes no roles', "'NOCREATEROLE',\n", "'CREATEROLE',\n"),
  role('the learner inherits nothing', "'NOINHERIT'", "'INHERIT'"),
  role('the learner starts no replication', "'NOREPLICATION',\n", "'REPLICATION',\n"),
  role('the learner is held by row security', "'NOBYPASSRLS'", "'BYPASSRLS'"),
  role('connections of the learner are counted', '`CONNECTION LIMIT ${connections}`', "''"),
  role('the inspector is no superuser', "['LOGIN', 'NOSUPERUSER', 'NOCREATEDB'", "['LOGIN', 'SUPERUSER', 'NOCREATEDB'"),
  role('the inspector makes no databases', "'NOSUPERUSER', 'NOCREATEDB'", "'NOSUPERUSER', 'CREATEDB'"),
  role('the inspector makes no roles', "'NOCREATEDB', 'NOCREATEROLE'", "'NOCREATEDB', 'CREATEROLE'"),
  role('the inspector starts no replication', "'NOCREATEROLE', 'NOREPLICATION', 'BYPASSRLS'", "'NOCREATEROLE', 'REPLICATION', 'BYPASSRLS'"),
  setting('statement_timeout, for the better words', 'statement_timeout: `${statementMs}ms`,'),
  setting('lock_timeout, for the better words', 'lock_timeout: `${statementMs}ms`,'),
  setting('temp_file_limit', "temp_file_limit: '128MB',"),
  setting('client_min_messages', "client_min_messages: 'error',"),
  right('nobody enters the database that all are made from', CLUSTER, 'REVOKE ALL ON DATABASE postgres FROM PUBLIC;\n\n'),
  right(
    'nobody enters a database without being let in',
    SERVER,
    'REVOKE ALL ON DATABASE ${escapeIdentifier(name)} FROM PUBLIC; ${rights}',
    '${rights}',
  ),
  prepared(
    'a data set is entered only while its sessions are opened',
    'examiner/sql/learner-session.ts',
    'REVOKE CONNECT ON DATABASE ${names(databases)} FROM ${LEARNER}, ${INSPECTOR}; ',
    'leave no door open',
  ),
  prepared(
    'nobody ends the sessions of another data set',
    'examiner/sql/query/prepare-query.ts',
    'REVOKE EXECUTE ON FUNCTION pg_terminate_backend, pg_cancel_backend FROM PUBLIC',
    'can’t be ended',
  ),
  prepared(
    'the reference runs with the rights of a learner',
    'examiner/sql/query/reference-answer.ts',
    ', `SET SESSION AUTHORIZATION ${LEARNER}`',
    'has no rights that a learner hasn’t',
  ),
  inSight('where plans are looked at nobody learns which run it is', 'examiner/sql/query/prepare-query.ts', 'admin.query(WORK_IN_SIGHT)'),
  inSight(
    'where plans are looked at no SQL stands in a text',
    'examiner/sql/query/plan/work-in-sight.ts',
    "proname ~ '^(query|cursor|table|schema|database)_to_xml'\n        OR ",
  ),
  inSight(
    'a plan is looked at after the session has ended that gave the rows',
    'examiner/sql/query/grade-query.ts',
    '      await closeSession(learner)\n      const asked',
    '      const asked',
  ),
  denied('no large objects', '^lo_'),
  denied('no reading or writing of large objects', '^lo(read|write)$'),
  denied('no messages into the log of changes', '^pg_logical_emit_message$'),
  denied('no notifications by function', '^pg_notify$'),
  denied('no exported snapshots', '^pg_export_snapshot$'),
  denied('no sizes of databases', '^pg_database_size$'),
  denied('no sizes of tablespaces', '^pg_tablespace_size$'),
  server('notifications take little room', 'max_notify_queue_pages = 64', 'max_notify_queue_pages'),
  server('nobody connects without logging in for long', 'authentication_timeout = 5s', 'authentication_timeout'),
  server('no replication', 'max_wal_senders = 0', 'max_wal_senders'),
  server('no worker processes', 'max_worker_processes = 0', 'max_worker_processes'),
  server('no counted rows of other data sets', 'track_counts = off', 'track_counts'),
  server('no automatic vacuum', 'autovacuum = off', 'autovacuum'),
  server('no compiled expressions', 'jit = off', 'jit'),
  {
    name: 'the learner comes in over the loopback, as one role',
    group: 'Database server',
    takeAway: [{ file: HBA, from: 'host  all learner 127.0.0.1/32 trust', to: 'host  all all 127.0.0.1/32 trust' }],
    shownBy: [roles('lets nobody in'), { attacks: [105] }],
  },
  guard(
    'a program makes no functions, operators or casts',
    'CREATE EVENT TRIGGER assay_guard ON ddl_command_start EXECUTE FUNCTION assay_guard.refuse();',
    '',
    {
      test: GUARD,
    },
  ),
  guard(
    'a program makes no type that is called like a function',
    "CREATE EVENT TRIGGER assay_guard_type ON ddl_command_end WHEN TAG IN ('CREATE TYPE', 'ALTER TYPE') EXECUTE FUNCTION assay_guard.refuse_type();",
    '',
    { test: GUARD },
  ),
  guard('nobody enters the template', "await admin.query('ALTER DATABASE app_template ALLOW_CONNECTIONS false')", '', { test: GUARD }),
  guard(
    "a program's settings of its role are taken back",
    'admin => admin.query(settingsSql(learnerRole(FIXED.endpointConnections, statementMs)))',
    'async () => {}',
    {
      test: GUARD,
    },
  ),
  counted('utility statements count', CONF, 'track_utility = on', 'track_utility = off', 'counts cursors'),
  counted('a statement counts when it is planned', CONF, 'pg_stat_statements.track_planning = on\n', '', 'ends in an error after reading'),
  counted(
    'statements with parameters are planned each time',
    'worker/pod/wire-boxes.ts',
    ", '-c', 'plan_cache_mode=force_custom_plan'",
    '',
    'would make two plans',
  ),
  counted(
    'statements that were forgotten count',
    'examiner/endpoint/query-cost.ts',
    ' + (${FORGOTTEN})',
    '',
    'has its statements forgotten',
  ),
]
