import { escapeIdentifier, escapeLiteral } from 'pg'

/*
 * The roles of a database box, made before any learner's text exists. What nobody may do was taken from everybody when the
 * box's image was made (sandbox-images/postgres/make-cluster).
 */
export const SUPERUSER = 'assay'
export const LEARNER = 'learner'

/** What every session of these sees: values are printed in one way, and nothing outruns the box. */
export const PRINTING = {
  TimeZone: 'UTC',
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
  client_min_messages: 'error',
  max_parallel_workers_per_gather: '0',
  jit: 'off',
}

export type RoleSpec = {
  name: string
  /** One restriction each: npm run attacks:matrix takes them away one by one. */
  attributes: readonly string[]
  settings: Record<string, string>
}

/** The role of the learner's own text: a direct login that can do nothing beyond what it is granted. */
export function learnerRole(connections: number, statementMs: number): RoleSpec {
  return {
    name: LEARNER,
    attributes: [
      'LOGIN',
      'NOSUPERUSER',
      'NOCREATEDB',
      'NOCREATEROLE',
      'NOINHERIT',
      'NOREPLICATION',
      'NOBYPASSRLS',
      `CONNECTION LIMIT ${connections}`,
    ],
    settings: {
      ...PRINTING,
      // Both for the better words: a learner can switch them off, the examiner's own deadline they can't.
      statement_timeout: `${statementMs}ms`,
      lock_timeout: `${statementMs}ms`,
      // Sorting more than this on disk ends in memory_limit: the disk is the box's memory.
      temp_file_limit: '128MB',
    },
  }
}

/** Reads every table, whatever rights were taken away or row security put up; owns nothing, writes nothing. */
export const INSPECTOR = 'inspector'

/** The role as which the grader looks at what a learner's text left: code of theirs that runs then has no rights to speak of. */
export const INSPECTOR_ROLE: RoleSpec = {
  name: INSPECTOR,
  attributes: ['LOGIN', 'NOSUPERUSER', 'NOCREATEDB', 'NOCREATEROLE', 'NOREPLICATION', 'BYPASSRLS'],
  settings: {
    ...PRINTING,
    // A look is ended earlier, by the examiner's own limit for it.
    statement_timeout: '30s',
    lock_timeout: '5s',
    search_path: 'public',
    default_transaction_read_only: 'on',
  },
}

/** The statements that make a role; what it may read or write, it is granted beside them. */
export function roleSql(role: RoleSpec): string {
  return `CREATE ROLE ${escapeIdentifier(role.name)} ${role.attributes.join(' ')}; ${settingsSql(role)}`
}

/** The statements that give a role its settings and no others: a learner may have changed those of their own role. */
export function settingsSql({ name, settings }: RoleSpec): string {
  const role = escapeIdentifier(name)
  const each = Object.entries(settings).map(([setting, value]) => `SET ${escapeIdentifier(setting)} = ${escapeLiteral(value)}`)
  return ['RESET ALL', ...each].map(change => `ALTER ROLE ${role} ${change}`).join('; ')
}
