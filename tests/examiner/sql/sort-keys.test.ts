import { expect, test } from 'vitest'
import { parseSql } from '../../../examiner/sql/parse.ts'
import { sortKeysOf } from '../../../examiner/sql/comparison/sort-keys.ts'

const COLUMNS = ['a', 'b']
const ROW = ['1', '2', 'x', 'y']

async function keysOf(text: string) {
  const parsed = await parseSql(text)
  if (parsed.fault) throw new Error(parsed.fault.message)
  const keys = await sortKeysOf(parsed.statements[0]!, COLUMNS)
  return keys && { text: keys.text, values: keys.read(ROW) }
}

test.each<[reference: string, asked: string | undefined, values: (string | null)[]]>([
  ['SELECT a, b FROM t', undefined, []],
  ['SELECT a, b FROM (SELECT * FROM t ORDER BY a) s', undefined, []],
  ['SELECT a, b FROM t ORDER BY b DESC, 1', 'SELECT a, b FROM t ORDER BY b DESC, 1', ['2', '1']],
  ['SELECT * FROM t ORDER BY b', 'SELECT * FROM t ORDER BY b', ['2']],
  ['SELECT s.* FROM s JOIN t USING (a) ORDER BY c LIMIT 3', 'SELECT s.*, (c) FROM s JOIN t USING (a) ORDER BY c LIMIT 3', ['x']],
  ['SELECT a, b(*) FROM t GROUP BY a ORDER BY b', 'SELECT a, b(*) FROM t GROUP BY a ORDER BY b', ['2']],
  ['SELECT a FROM t UNION SELECT b FROM t ORDER BY a', 'SELECT a FROM t UNION SELECT b FROM t ORDER BY a', ['1']],
  ['SELECT a, b FROM t ORDER BY c', 'SELECT a, b, (c) FROM t ORDER BY c', ['x']],
  ['SELECT a, b FROM t ORDER BY t.a', 'SELECT a, b, (t.a) FROM t ORDER BY t.a', ['x']],
  [
    `SELECT a, b FROM t ORDER BY lower(c || ', ASC') ASC NULLS LAST, a, c + 1 DESC LIMIT 3 OFFSET 1`,
    `SELECT a, b, (lower(c || ', ASC')), (c + 1) FROM t ORDER BY lower(c || ', ASC') ASC NULLS LAST, a, c + 1 DESC LIMIT 3 OFFSET 1`,
    ['x', '1', 'y'],
  ],
  [
    'WITH x AS (SELECT 1 ORDER BY 2) SELECT a, b IS DISTINCT FROM 1 AS b FROM t WHERE a > 1 GROUP BY 1, 2 ORDER BY count(*) USING >, max(c) NULLS FIRST',
    'WITH x AS (SELECT 1 ORDER BY 2) SELECT a, b IS DISTINCT FROM 1 AS b, (count(*)), (max(c)) FROM t WHERE a > 1 GROUP BY 1, 2 ORDER BY count(*) USING >, max(c) NULLS FIRST',
    ['x', 'y'],
  ],
  [
    `SELECT 'from' AS a, "order by" AS b /* FROM */ FROM t -- ORDER BY z\n ORDER BY $$,$$ || c, CASE WHEN a THEN 1 ELSE 2 END`,
    `SELECT 'from' AS a, "order by" AS b, ($$,$$ || c), (CASE WHEN a THEN 1 ELSE 2 END) /* FROM */ FROM t -- ORDER BY z\n ORDER BY $$,$$ || c, CASE WHEN a THEN 1 ELSE 2 END`,
    ['x', 'y'],
  ],
  ['VALUES (1, 2), (3, 4) ORDER BY 2', 'VALUES (1, 2), (3, 4) ORDER BY 2', ['2']],
])('%s', async (reference, asked, values) => {
  expect(await keysOf(reference)).toEqual(asked === undefined ? undefined : { text: asked, values })
})
