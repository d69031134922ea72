import Database from 'better-sqlite3'
import type { Chance } from './chance.ts'

/** What the bench asks for by name: drawn from the store's file before the server has it. */
export type Known = {
  /** Over and whole: report, files and events are there. */
  whole: string[]
  /** Over, with a report, and pruned. */
  pruned: string[]
  waiting: { id: string; gradingId: string; slug: string; version: string; mode: 'run' | 'submit' }[]
  slugs: string[]
  versions: string[]
  /** Of the whole history, from new to old, as cursors. */
  depths: string[]
}

export function readKnown(path: string, chance: Chance): Known {
  const database = new Database(path, { readonly: true })
  const rows = <Row>(statement: string, values: unknown[] = []) => database.prepare(statement).all(values) as Row[]
  const [first, last] = ['asc', 'desc'].map(order => rows<{ id: string }>(`select id from submissions order by id ${order} limit 1`)[0]!.id)
  // Ids are made of the time: between two of them others can be named without counting rows.
  const near = (state: string) =>
    Array.from({ length: 60 }, () => {
      const from = between(first!, last!, chance.next())
      return rows<{ id: string }>(`select id from submissions where id > ? and ${state} order by id limit 1`, [from])[0]?.id
    }).filter(id => id !== undefined)
  const known: Known = {
    whole: rows<{ id: string }>(
      `select id from submissions where pruned_at is null and finished_at is not null and outcome = 'accepted' order by id desc limit 60`,
    ).map(row => row.id),
    pruned: near(`pruned_at is not null and +state = 'finished'`),
    waiting: rows(
      `select s.id, s.slug, s.mode, g.id as gradingId, g.version from gradings g join submissions s on s.id = g.submission_id
       where g.state = 'waiting' order by g.submission_id desc limit 1000`,
    ),
    slugs: rows<{ slug: string }>('select slug from exercise_versions where current = 1').map(row => row.slug),
    versions: rows<{ version: string }>('select version from exercise_versions').map(row => row.version),
    depths: Array.from({ length: 40 }, (_, index) => between(first!, last!, 1 - index / 40)),
  }
  database.close()
  return known
}

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
/** Characters of an id that hold its time. */
const TIME = 10

/** An id of the time that lies at this share of the way between two ids. */
function between(first: string, last: string, share: number): string {
  const timeOf = (id: string) => Array.from(id.slice(4, 4 + TIME)).reduce((value, letter) => value * 32 + ALPHABET.indexOf(letter), 0)
  let time = Math.floor(timeOf(first) + (timeOf(last) - timeOf(first)) * share)
  let text = ''
  for (let place = 0; place < TIME; place++, time = Math.floor(time / 32)) text = ALPHABET[time % 32]! + text
  return `sub_${text}${'z'.repeat(16)}`
}
