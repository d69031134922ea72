import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { HINTS } from '../../../core/hints.ts'
import { hazardsOf } from '../../../examiner/sql/migration/hazards.ts'
import { readSteps, type Step } from '../../../examiner/sql/split.ts'
import { connectEngine, engineFacts } from '../../../worker/sandbox/docker/engine.ts'
import { ROOT } from '../../../worker/sandbox/docker/image-recipes.ts'
import { squawkBinary } from '../../../worker/sandbox/docker/squawk-binary.ts'

let squawk: string
beforeAll(async () => {
  const { architecture } = await engineFacts(connectEngine({}))
  squawk = await squawkBinary(architecture, join(ROOT, '.cache'), () => {})
}, 60_000)

async function hints(up: string): Promise<string[]> {
  const submission = { 'up.sql': up, 'down.sql': '' }
  const found = await hazardsOf((await readSteps(submission)) as Step[], submission, squawk)
  for (const { message } of found) expect(message).toMatch(/^[A-Z].{30,}\.$/)
  return found.map(({ file, line, rule }) => `${file}:${line} ${rule}`)
}

const CASES: [name: string, up: string, hints: string[]][] = [
  ['an index', 'CREATE INDEX ON members (email);', ['up.sql:1 require-concurrent-index-creation']],
  ['an index without a transaction', '-- assay: no-transaction\nCREATE INDEX CONCURRENTLY ON members (email);', []],
  [
    'the same inside of one',
    'ALTER TABLE members ADD a text;\nCREATE INDEX CONCURRENTLY ON members (email);',
    ['up.sql:2 ban-concurrent-index-creation-in-transaction'],
  ],
  ['an index of a new table', 'CREATE TABLE guests (name text);\nCREATE INDEX ON guests (name);', []],
  ['a foreign key', '\nALTER TABLE payments ADD FOREIGN KEY (member_id) REFERENCES members;', ['up.sql:2 adding-foreign-key-constraint']],
  ['one in two steps', 'ALTER TABLE payments ADD CONSTRAINT of_member FOREIGN KEY (member_id) REFERENCES members NOT VALID;', []],
  ['a column that must be there', 'ALTER TABLE members ADD COLUMN email text NOT NULL;', ['up.sql:1 adding-required-field']],
  ['a column that may', 'ALTER TABLE members ADD COLUMN email text;', []],
  ['a default that is worked out once', "ALTER TABLE members ADD COLUMN email text NOT NULL DEFAULT '';", []],
  ['another type', 'ALTER TABLE members ALTER COLUMN born TYPE date USING born::date;', ['up.sql:1 changing-column-type']],
  [
    'names and columns that go',
    'ALTER TABLE members RENAME COLUMN a TO b;\nALTER TABLE members DROP COLUMN c;',
    ['up.sql:1 renaming-column', 'up.sql:2 ban-drop-column'],
  ],
  ['rows', "UPDATE members SET email = lower(email);\nDELETE FROM members WHERE email = '';", []],
]

test.each(CASES)('%s', async (_name, up, expected) => {
  expect(await hints(up)).toEqual(expected)
})

test('every step is read, in order, and only so many hints are given', async () => {
  const submission = Object.fromEntries(
    ['01-a', '02-b'].flatMap(name => [
      [`steps/${name}.up.sql`, 'ALTER TABLE members DROP COLUMN c;\n'.repeat(name === '02-b' ? 40 : 1)],
      [`steps/${name}.down.sql`, ''],
    ]),
  )
  const found = await hazardsOf((await readSteps(submission)) as Step[], submission, squawk)
  expect(found).toHaveLength(HINTS)
  expect(found.slice(0, 3).map(({ file, line }) => `${file}:${line}`)).toEqual([
    'steps/01-a.up.sql:1',
    'steps/02-b.up.sql:1',
    'steps/02-b.up.sql:2',
  ])
})

const step = (): Step[] => {
  const script = (file: string) => ({ file, statements: [], wrapped: true })
  return [{ up: script('up.sql'), down: script('down.sql') }]
}

test.each([
  ['makes squawk overflow its stack', `SELECT ${'('.repeat(100_000)}`],
  ['has more findings than are read', 'ALTER TABLE a ADD COLUMN b int NOT NULL;\n'.repeat(5_000)],
  ['is too long', `-- ${'x'.repeat(300_000)}\nDROP TABLE members;`],
  ['is no SQL', 'gibberish \\! \u0001'],
])('a text that %s gives no hints', async (_what, up) => {
  expect(await hazardsOf(step(), { 'up.sql': up }, squawk)).toEqual([])
})

test('without squawk there are none', async () => {
  expect(await hazardsOf(step(), { 'up.sql': 'DROP TABLE members;' }, '/nowhere/squawk')).toEqual([])
})
