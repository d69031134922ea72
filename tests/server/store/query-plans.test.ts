import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chooseIndex } from '../../../server/store/choose-index.ts'
import { openSqliteStore } from '../../../server/store/sqlite.ts'
import type { Store } from '../../../server/store/store.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { TestApi } from '../api/api.ts'
import { routesOf } from '../api/routes-of.ts'
import { askEverything, filters } from './ask-everything.ts'
import { catchStatements, planOf, pretendGrown } from './statements.ts'

/*
 * No statement that the server has the store do looks at a whole table: with a million submissions it would stop everybody
 * for as long. All routes are asked, and all methods of the store are called; what they have SQLite do is caught, and
 * SQLite is asked how it would do it.
 */

/** What may be read whole, and why. */
const SCANS: Record<string, string> = {
  workers: 'those of the last day',
  sqlite_master: 'the tables, at the start',
  CONSTANT: 'no table at all',
}
/** Whole statements that may do more, by how they begin, and why. */
const EXCEPTIONS: { statement: RegExp; step: RegExp; why: string }[] = [
  {
    statement: /^select "submissions"\.\*, "gradings"\."version" from (?!.* where ).* order by "submissions"\."id" desc limit \?$/,
    step: /^SCAN submissions USING INDEX sqlite_autoindex_submissions_1$/,
    why: 'the newest of all: read backwards from the end, every row is shown, and it stops at its limit',
  },
  {
    statement: /from "tokens" order by/,
    step: /^SCAN tokens$|^USE TEMP B-TREE FOR ORDER BY$/,
    why: 'assay token list, no request: it prints all of them',
  },
  { statement: /from "sqlite_master"/, step: /TEMP B-TREE|^SCAN p VIRTUAL/, why: 'the tables and their columns, at the start' },
]

let caught: ReadonlyMap<string, ReadonlySet<string>>
let asked: string[]
let served: string[]
let methodsCalled: ReadonlySet<string>
let methods: string[]
let indicesWithoutFigures: string[]
const folder = tempFolder()
const path = join(folder.path, 'plans.sqlite')
const plain = join(folder.path, 'plain.sqlite')

beforeAll(async () => {
  await lookOn()
  for (const each of [path, plain]) await (await openSqliteStore({ path: each })).close()
  indicesWithoutFigures = pretendGrown(path)
})

async function lookOn(): Promise<void> {
  using statements = catchStatements()
  caught = statements.caught
  await using api = await statements.during('starting', () => TestApi.open())
  methodsCalled = watchMethods(api.store)
  methods = Object.keys(api.store)
  asked = await askEverything(api, statements.during)
  served = routesOf(api.app)
}
afterAll(() => folder[Symbol.dispose]())

test('every route was asked, so that a new one is looked at, too', () => {
  expect(asked.toSorted()).toEqual(served.toSorted())
})

test('every method of the store was called', () => {
  expect(methods.filter(name => !methodsCalled.has(name))).toEqual(['backup'])
})

test('there are figures of a grown store for every index', () => {
  expect(indicesWithoutFigures).toEqual([])
})

test.each([
  { store: 'with the statistics of a million submissions', file: path },
  { store: 'without statistics, as the server leaves it', file: plain },
])('no statement looks at a whole table, $store', ({ file }) => {
  const database = new Database(file, { readonly: true })
  expect(caught.size).toBeGreaterThan(50)
  const faults = [...caught].flatMap(([statement, during]) =>
    planOf(database, statement)
      .filter(step => !isBounded(step, statement))
      .map(step => `${step} (${[...during].join(', ')}) in ${statement}`),
  )
  database.close()
  expect(faults).toEqual([])
})

test('a list goes by the index of the filter that was chosen, with and without statistics', async () => {
  for (const file of [path, plain]) {
    using statements = catchStatements()
    const store = await openSqliteStore({ path: file })
    const database = new Database(file, { readonly: true })
    for (const filter of filters()) {
      const { indexed } = chooseIndex(filter) ?? {}
      if (!indexed || Object.keys(indexed).length === 0) continue
      await statements.during(JSON.stringify([file, filter]), () => store.submissions(filter, { limit: 9, cursor: 'sub_1' }))
      const [statement] = [...statements.caught].findLast(([, during]) => during.has(JSON.stringify([file, filter])))!
      const columns = { owner: 'owner', group: 'group_name', slug: 'slug', state: 'state', outcome: 'outcome' }
      const terms = Object.keys(indexed).map(name => `${columns[name as keyof typeof columns]}=? AND `)
      expect(planOf(database, statement), JSON.stringify(filter)).toContainEqual(
        expect.stringMatching(new RegExp(`^SEARCH submissions USING INDEX \\w+ \\(${terms.join('').replaceAll('?', '\\?')}id<\\?\\)$`)),
      )
    }
    database.close()
    await store.close()
  }
})

test('an index that is dropped shows', () => {
  const database = new Database(plain)
  database.prepare('begin').run([])
  database.prepare('drop index gradings_submission').run([])
  const [statement] = [...caught].find(([text]) => text.includes('from "gradings" where "submission_id" = ? order by "id"'))!
  expect(planOf(database, statement).filter(step => !isBounded(step, statement))).toEqual([expect.stringMatching(/^SCAN gradings/)])
  database.prepare('rollback').run([])
  database.close()
})

function isBounded(step: string, statement: string): boolean {
  if (EXCEPTIONS.some(each => each.statement.test(statement) && each.step.test(step))) return true
  // An index made for this once is a scan that doesn't say so.
  if (/AUTOMATIC/.test(step)) return false
  const scanned = /^SCAN (\S+)/.exec(step)?.[1]
  if (scanned !== undefined) return scanned in SCANS
  return !/TEMP B-TREE/.test(step)
}

/** Notes which methods are called, where they stand: the routes hold this very store. */
function watchMethods(store: Store): ReadonlySet<string> {
  const called = new Set<string>()
  for (const [name, method] of Object.entries(store)) {
    const watched = (...given: unknown[]) => {
      called.add(name)
      return (method as (...given: unknown[]) => unknown)(...given)
    }
    Object.assign(store, { [name]: watched })
  }
  return called
}
