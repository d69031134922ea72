import { expect, test } from 'vitest'
import { schemaDifference, schemaSentence, type Catalogue } from '../../../examiner/sql/migration/schema-difference.ts'

const catalogue = (...entries: [object: string, definition: string, table?: string][]): Catalogue =>
  entries.map(([object, definition, table]) => ({ object, definition, ...(table && { table }) }))

test.each<[what: string, expected: Catalogue, actual: Catalogue, changes: object[]]>([
  ['the same', catalogue(['table t', 'a table']), catalogue(['table t', 'a table']), []],
  ['the order of entries', catalogue(['a', '1'], ['b', '2']), catalogue(['b', '2'], ['a', '1']), []],
  [
    'a change',
    catalogue(['column t.a', 'int']),
    catalogue(['column t.a', 'text']),
    [{ change: 'different', object: 'column t.a', expected: 'int', actual: 'text' }],
  ],
  ['a loss', catalogue(['table t', 'a table']), [], [{ change: 'missing', object: 'table t', expected: 'a table' }]],
  ['an addition', [], catalogue(['table t', 'a table']), [{ change: 'extra', object: 'table t', actual: 'a table' }]],
  [
    'a lost table, without its parts',
    catalogue(['table t', 'a table'], ['column t.a', 'int', 'table t']),
    [],
    [{ change: 'missing', object: 'table t', expected: 'a table' }],
  ],
  [
    'two of one kind on one thing',
    catalogue(['check of t (a)', '1'], ['check of t (a)', '2']),
    catalogue(['check of t (a)', '2'], ['check of t (a)', '3']),
    [{ change: 'different', object: 'check of t (a)', expected: '1', actual: '3' }],
  ],
  [
    'one too many',
    catalogue(['index on t (a)', 'x']),
    catalogue(['index on t (a)', 'x'], ['index on t (a)', 'x']),
    [{ change: 'extra', object: 'index on t (a)', actual: 'x' }],
  ],
])('%s', (_, expected, actual, changes) => {
  expect(schemaDifference(expected, actual)).toEqual(changes)
})

test('is told in as many lines as a person reads', () => {
  const many = catalogue(...Array.from({ length: 300 }, (_, index): [string, string] => [`table t${index}`, 'a table']))
  const changes = schemaDifference(many, [])
  expect(changes).toHaveLength(100)
  expect(schemaSentence(changes).split('\n')).toHaveLength(7)
  expect(schemaSentence(changes.slice(0, 1))).toBe('The schema differs in 1 place:\n- table t0 is missing: a table')
})
