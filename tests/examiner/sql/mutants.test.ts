import type { Node } from 'libpg-query'
import { expect, test } from 'vitest'
import { MUTATION_RULES, mutantsOf, type MutationRule } from '../../../examiner/sql/query/mutants/mutants.ts'
import { fingerprint, printStatement } from '../../../examiner/sql/query/mutants/print.ts'
import { parseSql, type Statement } from '../../../examiner/sql/parse.ts'

/** Of each statement the mutants of one rule, as they are written. */
const TABLE: [rule: MutationRule, of: string, mutants: string[]][] = [
  [
    'join-kind',
    'SELECT * FROM a LEFT JOIN b USING (id) JOIN c ON c.x = a.x CROSS JOIN d',
    [
      'SELECT * FROM a JOIN b USING (id) JOIN c ON c.x = a.x CROSS JOIN d',
      'SELECT * FROM a LEFT JOIN b USING (id) LEFT JOIN c ON c.x = a.x CROSS JOIN d',
      'SELECT * FROM a LEFT JOIN b USING (id) RIGHT JOIN c ON c.x = a.x CROSS JOIN d',
    ],
  ],
  [
    'join-kind',
    'SELECT * FROM a FULL JOIN b USING (id)',
    ['SELECT * FROM a LEFT JOIN b USING (id)', 'SELECT * FROM a RIGHT JOIN b USING (id)'],
  ],
  [
    'on-moved-to-where',
    'SELECT * FROM a LEFT JOIN b ON b.id = a.id AND b.x > 1 WHERE a.y = 2',
    [
      'SELECT * FROM a LEFT JOIN b ON b.x > 1 WHERE a.y = 2 AND b.id = a.id',
      'SELECT * FROM a LEFT JOIN b ON b.id = a.id WHERE a.y = 2 AND b.x > 1',
    ],
  ],
  [
    'where-moved-to-on',
    'SELECT * FROM a LEFT JOIN b ON b.id = a.id WHERE b.x > 1 AND a.y = 2',
    ['SELECT * FROM a LEFT JOIN b ON b.id = a.id AND b.x > 1 WHERE a.y = 2'],
  ],
  ['conjunct-dropped', 'SELECT 1 FROM t WHERE a AND b', ['SELECT 1 FROM t WHERE b', 'SELECT 1 FROM t WHERE a']],
  [
    'conjunct-dropped',
    'SELECT count(*) FILTER (WHERE a) FROM t WHERE b HAVING c',
    [
      'SELECT count(*) FROM t WHERE b HAVING c',
      'SELECT count(*) FILTER (WHERE a) FROM t HAVING c',
      'SELECT count(*) FILTER (WHERE a) FROM t WHERE b',
    ],
  ],
  ['conjunct-dropped', 'DELETE FROM t WHERE a', ['DELETE FROM t']],
  [
    'conjunct-dropped',
    'SELECT 1 FROM t WHERE (a, b) IN (SELECT c, max(d) FROM u GROUP BY c)',
    [
      'SELECT 1 FROM t',
      'SELECT 1 FROM t WHERE b IN (SELECT max(d) FROM u GROUP BY c)',
      'SELECT 1 FROM t WHERE a IN (SELECT c FROM u GROUP BY c)',
    ],
  ],
  ['disjunct-dropped', 'SELECT 1 FROM t WHERE a OR b OR c', ['b OR c', 'a OR c', 'a OR b'].map(left => `SELECT 1 FROM t WHERE ${left}`)],
  ['brackets-dropped', 'SELECT 1 FROM t WHERE a AND (b OR c)', ['SELECT 1 FROM t WHERE (a AND b) OR c']],
  ['brackets-dropped', 'SELECT 1 FROM t WHERE (b OR c) AND a', ['SELECT 1 FROM t WHERE b OR (c AND a)']],
  ['comparison-bound', 'SELECT 1 FROM t WHERE a < 1', ['SELECT 1 FROM t WHERE a <= 1']],
  ['comparison-bound', 'SELECT 1 FROM t WHERE a >= b', ['SELECT 1 FROM t WHERE a > b']],
  [
    'comparison-bound',
    'SELECT 1 FROM t WHERE a BETWEEN 1 AND 2',
    ['SELECT 1 FROM t WHERE a > 1 AND a <= 2', 'SELECT 1 FROM t WHERE a >= 1 AND a < 2'],
  ],
  [
    'constant-boundary',
    'SELECT a FROM t WHERE a = 1 ORDER BY 1',
    ['SELECT a FROM t WHERE a = 0 ORDER BY 1', 'SELECT a FROM t WHERE a = 2 ORDER BY 1'],
  ],
  [
    'constant-boundary',
    'SELECT round(a, 2), sum(b) OVER (ORDER BY c ROWS 3 PRECEDING) FROM t WHERE a = b - 1 AND round(c, 4) < 9 LIMIT 7',
    [
      'SELECT round(a, 2), sum(b) OVER (ORDER BY c ROWS 2 PRECEDING) FROM t WHERE a = b - 1 AND round(c, 4) < 9 LIMIT 7',
      'SELECT round(a, 2), sum(b) OVER (ORDER BY c ROWS 4 PRECEDING) FROM t WHERE a = b - 1 AND round(c, 4) < 9 LIMIT 7',
      'SELECT round(a, 2), sum(b) OVER (ORDER BY c ROWS 3 PRECEDING) FROM t WHERE a = b - 0 AND round(c, 4) < 9 LIMIT 7',
      'SELECT round(a, 2), sum(b) OVER (ORDER BY c ROWS 3 PRECEDING) FROM t WHERE a = b - 2 AND round(c, 4) < 9 LIMIT 7',
      'SELECT round(a, 2), sum(b) OVER (ORDER BY c ROWS 3 PRECEDING) FROM t WHERE a = b - 1 AND round(c, 4) < 8 LIMIT 7',
      'SELECT round(a, 2), sum(b) OVER (ORDER BY c ROWS 3 PRECEDING) FROM t WHERE a = b - 1 AND round(c, 4) < 10 LIMIT 7',
      'SELECT round(a, 2), sum(b) OVER (ORDER BY c ROWS 3 PRECEDING) FROM t WHERE a = b - 1 AND round(c, 4) < 9 LIMIT 6',
      'SELECT round(a, 2), sum(b) OVER (ORDER BY c ROWS 3 PRECEDING) FROM t WHERE a = b - 1 AND round(c, 4) < 9 LIMIT 8',
    ],
  ],
  ['constant-elsewhere', 'SELECT a * 1.09', ['SELECT a * 1.08', 'SELECT a * 1.10']],
  // Compared, but what is taken for NULL is no bound.
  ['constant-elsewhere', 'SELECT a / nullif(b, 1)', ['SELECT a / nullif(b, 0)', 'SELECT a / nullif(b, 2)']],
  ['constant-elsewhere', 'SELECT a * 0.0', ['SELECT a * -0.1', 'SELECT a * 0.1']],
  [
    'constant-elsewhere',
    "SELECT '2027-03-01 10:00', 'words'",
    ["SELECT '2027-02-28 10:00', 'words'", "SELECT '2027-03-02 10:00', 'words'"],
  ],
  ['list-shortened', "SELECT a IN ('x', 'y')", ["SELECT a IN ('y')", "SELECT a IN ('x')"]],
  ['null-handling', 'SELECT 1 FROM t WHERE a IS NOT TRUE', ['SELECT 1 FROM t WHERE NOT (a)']],
  ['null-handling', 'SELECT coalesce(a, 0), nullif(b, 1)', ['SELECT a, nullif(b, 1)', 'SELECT coalesce(a, 0), b']],
  ['null-handling', 'SELECT a IS DISTINCT FROM b', ['SELECT a <> b']],
  [
    'not-in',
    'SELECT 1 FROM t WHERE NOT EXISTS (SELECT 1 FROM u WHERE u.a = t.b AND u.c)',
    ['SELECT 1 FROM t WHERE NOT (t.b IN (SELECT u.a FROM u WHERE u.c))'],
  ],
  [
    'not-in',
    'SELECT 1 FROM t WHERE a NOT IN (SELECT b FROM u)',
    ['SELECT 1 FROM t WHERE NOT (a IN (SELECT b FROM u WHERE b IS NOT NULL))'],
  ],
  ['nulls-order', 'SELECT a FROM t ORDER BY a DESC', ['SELECT a FROM t ORDER BY a DESC NULLS LAST']],
  ['nulls-order', 'SELECT a FROM t ORDER BY a NULLS FIRST', ['SELECT a FROM t ORDER BY a NULLS LAST']],
  ['distinct-dropped', 'SELECT DISTINCT count(DISTINCT a) FROM t', ['SELECT count(DISTINCT a) FROM t', 'SELECT DISTINCT count(a) FROM t']],
  ['distinct-dropped', 'SELECT DISTINCT ON (a) a FROM t ORDER BY a', ['SELECT a FROM t ORDER BY a']],
  ['distinct-added', 'SELECT a FROM t WHERE b IN (SELECT c FROM u)', ['SELECT DISTINCT a FROM t WHERE b IN (SELECT c FROM u)']],
  [
    'distinct-added',
    'SELECT sum(a), count(*), max(b), sum(c) OVER () FROM t',
    ['SELECT DISTINCT sum(a), count(*), max(b), sum(c) OVER () FROM t', 'SELECT sum(DISTINCT a), count(*), max(b), sum(c) OVER () FROM t'],
  ],
  [
    'union-all',
    'SELECT 1 UNION SELECT 2 EXCEPT ALL SELECT 3',
    ['SELECT 1 UNION SELECT 2 EXCEPT SELECT 3', 'SELECT 1 UNION ALL SELECT 2 EXCEPT ALL SELECT 3'].toReversed(),
  ],
  ['count-star', 'SELECT t.a, count(*) FROM t GROUP BY t.a', ['SELECT t.a, count(t.a) FROM t GROUP BY t.a']],
  ['count-star', 'SELECT count(DISTINCT a) FROM t', ['SELECT count(*) FROM t']],
  [
    'aggregate-swap',
    'SELECT min(a), sum(b) FROM t',
    ['SELECT max(a), sum(b) FROM t', 'SELECT min(a), avg(b) FROM t', 'SELECT min(a), count(b) FROM t'],
  ],
  ['cast-dropped', "SELECT a::numeric / 2, '1'::numeric, a::text", ["SELECT a / 2, '1'::numeric, a::text"]],
  ['cast-dropped', 'SELECT 100.0 * a / 7.5, b / 0.0', ['SELECT 100 * a / 7.5, b / 0.0', 'SELECT 100.0 * a / 7.5, b / 0']],
  [
    'case-branch-dropped',
    'SELECT CASE WHEN a THEN 1 WHEN b THEN 2 END',
    ['SELECT CASE WHEN b THEN 2 END', 'SELECT CASE WHEN a THEN 1 END'],
  ],
  ['group-by-column', 'SELECT 1 FROM t GROUP BY a, b', ['SELECT 1 FROM t GROUP BY b', 'SELECT 1 FROM t GROUP BY a']],
  ['group-by-column', 'SELECT name FROM t GROUP BY id', ['SELECT name FROM t GROUP BY name']],
  ['window-frame', 'SELECT sum(a) OVER (ORDER BY b) FROM t', ['SELECT sum(a) OVER (ORDER BY b ROWS UNBOUNDED PRECEDING) FROM t']],
  ['window-frame', 'SELECT sum(a) OVER (ORDER BY b ROWS 2 PRECEDING) FROM t', ['SELECT sum(a) OVER (ORDER BY b) FROM t']],
  ['window-frame', 'SELECT rank() OVER (ORDER BY b) FROM t', []],
  [
    'window-partition',
    'SELECT sum(a) OVER (PARTITION BY b, c) FROM t',
    ['SELECT sum(a) OVER (PARTITION BY c) FROM t', 'SELECT sum(a) OVER (PARTITION BY b) FROM t'],
  ],
  [
    'window-partition',
    'SELECT d.name, e.name, rank() OVER (PARTITION BY d.id ORDER BY e.pay) FROM d JOIN e ON e.d = d.id',
    [
      'SELECT d.name, e.name, rank() OVER (ORDER BY e.pay) FROM d JOIN e ON e.d = d.id',
      'SELECT d.name, e.name, rank() OVER (PARTITION BY d.name ORDER BY e.pay) FROM d JOIN e ON e.d = d.id',
    ],
  ],
  [
    'ranking-swap',
    'SELECT rank() OVER (ORDER BY b) FROM t',
    ['SELECT dense_rank() OVER (ORDER BY b) FROM t', 'SELECT row_number() OVER (ORDER BY b) FROM t'],
  ],
  ['order-dropped', 'SELECT a FROM t ORDER BY a, b', ['SELECT a FROM t', 'SELECT a FROM t ORDER BY b', 'SELECT a FROM t ORDER BY a']],
  // Nothing comes of the order of a part, unless it decides which rows are taken.
  ['order-dropped', 'SELECT a FROM (SELECT a FROM t ORDER BY a) AS s', []],
  ['order-dropped', 'SELECT a FROM (SELECT a FROM t ORDER BY a LIMIT 1) AS s', ['SELECT a FROM (SELECT a FROM t LIMIT 1) AS s']],
  ['order-dropped', 'SELECT array_agg(a ORDER BY b) FROM t', ['SELECT array_agg(a) FROM t']],
  [
    'order-reversed',
    'SELECT a FROM t ORDER BY a, b DESC',
    ['SELECT a FROM t ORDER BY a DESC, b DESC', 'SELECT a FROM t ORDER BY a, b ASC'],
  ],
  ['limit-ties', 'SELECT a FROM t ORDER BY a LIMIT 3', ['SELECT a FROM t ORDER BY a FETCH FIRST (3) ROWS WITH TIES']],
  ['limit-ties', 'SELECT a FROM t ORDER BY a FETCH FIRST 3 ROWS WITH TIES', ['SELECT a FROM t ORDER BY a LIMIT 3']],
  ['limit-ties', 'SELECT a FROM t LIMIT 3', []],
  ['limit-dropped', 'SELECT a FROM t LIMIT 3 OFFSET 1', ['SELECT a FROM t OFFSET 1', 'SELECT a FROM t LIMIT 3']],
]

test.each(TABLE)('%s of %s', async (rule, text, wanted) => {
  const found = (await mutantsOf(text)).filter(mutant => mutant.rule === rule)
  expect(found.map(mutant => mutant.text)).toEqual(await Promise.all(wanted.map(asPrinted)))
})

async function asPrinted(text: string): Promise<string> {
  const { statements } = (await parseSql(text)) as { statements: Statement[] }
  const tree = { [statements[0]!.kind]: statements[0]!.node } as unknown as Node
  return (await printStatement(tree, fingerprint(tree)))!
}

test('every rule stands in the table', () => {
  expect(MUTATION_RULES.filter(rule => !TABLE.some(([named]) => named === rule))).toEqual([])
})

const LONG = `-- Ä comment before it
WITH due AS (SELECT * FROM invoices WHERE due <= date '2027-06-30' AND (paid IS NULL OR paid > due) ORDER BY due LIMIT 10)
SELECT c.name, count(*), sum(d.total)::numeric / 3 AS share, rank() OVER (PARTITION BY c.town ORDER BY count(*) DESC)
FROM clients c LEFT JOIN due d ON d.client = c.id AND d.total > 0
WHERE NOT EXISTS (SELECT 1 FROM blocked b WHERE b.client = c.id) AND c.kind IN ('a', 'b')
GROUP BY c.id, c.name HAVING count(d.id) >= 2
UNION ALL SELECT 'none', 0, 0.5, 1 FROM clients
ORDER BY 3 DESC, 1 LIMIT 20`

test('every mutant is a statement of its own, and the same text has the same ones', async () => {
  const mutants = await mutantsOf(LONG)
  expect(mutants.length).toBeGreaterThan(60)
  expect(new Set(mutants.map(({ text }) => text)).size).toBe(mutants.length)
  for (const { text } of mutants) expect(await parseSql(text), text).toMatchObject({ statements: [{ kind: 'SelectStmt' }] })
  expect(await mutantsOf(LONG)).toEqual(mutants)
})

test('a bound takes some of every rule', async () => {
  const all = new Set((await mutantsOf(LONG, 1000)).map(({ rule }) => rule))
  const few = await mutantsOf(LONG, 30)
  expect(few).toHaveLength(30)
  expect(new Set(few.map(({ rule }) => rule))).toEqual(all)
})

const from = (position: number) =>
  Array.from(LONG)
    .slice(position - 1)
    .join('')

test('a mutant says where it differs, in characters of the file, and what it does', async () => {
  const mutants = await mutantsOf(LONG)
  const bound = mutants.find(({ rule }) => rule === 'comparison-bound')!
  expect(bound.words).toBe("`<` instead of `<=` in due <= '2027-06-30'::date")
  expect(from(bound.position)).toMatch(/^<= date/)
  const join = mutants.find(({ rule }) => rule === 'join-kind')!
  expect(join.words).toBe('JOIN instead of LEFT JOIN with due AS d')
  expect(from(join.position)).toMatch(/^due d ON/)
})

test.each(['', 'SELEC 1', 'SELECT 1; SELECT 2'])('%j has no mutants', async text => {
  expect(await mutantsOf(text)).toEqual([])
})
