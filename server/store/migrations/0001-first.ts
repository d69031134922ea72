import { sql, type Kysely } from 'kysely'

/** The first tables. A migration is never edited once it has been released; the next change is the next number. */
export async function up(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable('exercise_versions')
    .addColumn('version', 'text', column => column.primaryKey())
    .addColumn('slug', 'text', column => column.notNull())
    .addColumn('bundle_json', 'text', column => column.notNull())
    .addColumn('tests_json', 'text')
    .addColumn('current', 'integer', column => column.notNull())
    .addColumn('published_at', 'text', column => column.notNull())
    .execute()

  await db.schema
    .createTable('submissions')
    .addColumn('id', 'text', column => column.primaryKey())
    .addColumn('owner', 'text', column => column.notNull())
    .addColumn('group_name', 'text', column => column.notNull())
    .addColumn('slug', 'text', column => column.notNull())
    .addColumn('runtime', 'text', column => column.notNull())
    .addColumn('mode', 'text', column => column.notNull())
    .addColumn('state', 'text', column => column.notNull())
    .addColumn('outcome', 'text')
    .addColumn('score_earned', 'real')
    .addColumn('score_possible', 'real')
    .addColumn('grading_id', 'text', column => column.notNull())
    .addColumn('idempotency_key', 'text')
    .addColumn('request_hash', 'text')
    .addColumn('created_at', 'text', column => column.notNull())
    .addColumn('finished_at', 'text')
    .addColumn('pruned_at', 'text')
    .execute()
  // NULLs are distinct in a unique index, in both dialects: submissions without a key don't collide.
  await db.schema.createIndex('submissions_idempotency').unique().on('submissions').columns(['owner', 'idempotency_key']).execute()
  await db.schema.createIndex('submissions_state').on('submissions').columns(['state', 'id']).execute()
  await db.schema.createIndex('submissions_owner').on('submissions').columns(['owner', 'id']).execute()
  await db.schema.createIndex('submissions_group').on('submissions').columns(['group_name', 'id']).execute()
  await db.schema.createIndex('submissions_slug').on('submissions').columns(['slug', 'id']).execute()
  await db.schema.createIndex('submissions_outcome').on('submissions').columns(['outcome', 'id']).execute()
  await db.schema.createIndex('submissions_to_prune').on('submissions').columns(['pruned_at', 'finished_at']).execute()

  await db.schema
    .createTable('submission_files')
    .addColumn('submission_id', 'text', column => column.notNull().references('submissions.id').onDelete('cascade'))
    .addColumn('path', 'text', column => column.notNull())
    .addColumn('content', 'text', column => column.notNull())
    .addPrimaryKeyConstraint('submission_files_key', ['submission_id', 'path'])
    .execute()

  await db.schema
    .createTable('gradings')
    .addColumn('id', 'text', column => column.primaryKey())
    .addColumn('submission_id', 'text', column => column.notNull().references('submissions.id').onDelete('cascade'))
    .addColumn('reason', 'text', column => column.notNull())
    .addColumn('round', 'integer', column => column.notNull())
    .addColumn('version', 'text', column => column.notNull().references('exercise_versions.version'))
    .addColumn('seed', 'integer', column => column.notNull())
    .addColumn('state', 'text', column => column.notNull())
    .addColumn('token', 'integer', column => column.notNull().defaultTo(0))
    .addColumn('worker_id', 'text')
    .addColumn('losses', 'integer', column => column.notNull().defaultTo(0))
    .addColumn('outcome', 'text')
    .addColumn('counted', 'integer', column => column.notNull().defaultTo(1))
    .addColumn('message', 'text')
    .addColumn('report_json', 'text')
    .addColumn('created_at', 'text', column => column.notNull())
    .addColumn('dispatched_at', 'text')
    .addColumn('started_at', 'text')
    .addColumn('finished_at', 'text')
    .execute()
  await db.schema.createIndex('gradings_submission').on('gradings').columns(['submission_id', 'id']).execute()
  // The waiting line: everything that is asked of it touches unfinished rows only.
  await db.schema.createIndex('gradings_state').on('gradings').columns(['state', 'submission_id']).execute()
  await db.schema.createIndex('gradings_finished').on('gradings').columns(['finished_at']).execute()

  await db.schema
    .createTable('events')
    .addColumn('submission_id', 'text', column => column.notNull().references('submissions.id').onDelete('cascade'))
    .addColumn('id', 'integer', column => column.notNull())
    .addColumn('at', 'text', column => column.notNull())
    .addColumn('event_json', 'text', column => column.notNull())
    .addPrimaryKeyConstraint('events_key', ['submission_id', 'id'])
    .execute()

  await db.schema
    .createTable('tokens')
    .addColumn('id', 'text', column => column.primaryKey())
    .addColumn('secret_hash', 'text', column => column.notNull())
    .addColumn('owner', 'text', column => column.notNull())
    .addColumn('group_name', 'text', column => column.notNull())
    .addColumn('role', 'text', column => column.notNull().check(sql`role in ('learner', 'staff', 'admin')`))
    .addColumn('created_at', 'text', column => column.notNull())
    .addColumn('revoked_at', 'text')
    .execute()

  await db.schema
    .createTable('workers')
    .addColumn('id', 'text', column => column.primaryKey())
    .addColumn('seen_at', 'text', column => column.notNull())
    .addColumn('heartbeat_json', 'text', column => column.notNull())
    .execute()
}
