import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import Database from 'better-sqlite3'

/** What a service's folder and store hold, looked at from outside. */

/** Every file below a folder, but those that come and go beside a store in use. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => !entry.isDirectory() && !/\.sqlite-(wal|shm|journal)$/.test(entry.name))
    .map(entry => relative(folder, join(entry.parentPath, entry.name)))
}

export function rowCounts(store: string): Record<string, number> {
  return look(store, rows => {
    const tables = rows(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`)
    return Object.fromEntries(
      tables.map(({ name }) => [String(name), Number(rows(`SELECT count(*) AS found FROM "${String(name)}"`)[0]!['found'])]),
    )
  })
}

/** Rows that stand for half of something. */
const HALVES: Record<string, string> = {
  'a submission without files': `SELECT id FROM submissions WHERE pruned_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM submission_files f WHERE f.submission_id = submissions.id)`,
  'a submission without its grading': `SELECT id FROM submissions WHERE grading_id NOT IN (SELECT id FROM gradings)`,
  'files of no submission': `SELECT submission_id AS id FROM submission_files WHERE submission_id NOT IN (SELECT id FROM submissions)`,
  'a verdict without a report': `SELECT s.id FROM submissions s JOIN gradings g ON g.id = s.grading_id
    WHERE s.state = 'finished' AND g.report_json IS NULL`,
  'an end without its event': `SELECT id FROM submissions WHERE finished_at IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM events e WHERE e.submission_id = submissions.id AND e.event_json LIKE '%"finished"%')`,
  'still not over': `SELECT id FROM submissions WHERE finished_at IS NULL`,
}

export function halfWritten(store: string): string[] {
  return look(store, rows => {
    const found = Object.entries(HALVES).flatMap(([what, sql]) => rows(sql).map(({ id }) => `in the store: ${what}: ${String(id)}`))
    const dangling = rows('PRAGMA foreign_key_check').length
    const pages = String(rows('PRAGMA integrity_check')[0]!['integrity_check'])
    return [
      ...found,
      ...(dangling > 0 ? [`in the store: ${dangling} rows refer to rows that are missing`] : []),
      ...(pages === 'ok' ? [] : [`in the store: ${pages}`]),
    ]
  })
}

type Row = Record<string, unknown>

function look<Found>(store: string, question: (rows: (sql: string) => Row[]) => Found): Found {
  const database = new Database(store, { readonly: true, timeout: 2000 })
  try {
    return question(sql => database.prepare(sql).all([]) as Row[])
  } finally {
    database.close()
  }
}
