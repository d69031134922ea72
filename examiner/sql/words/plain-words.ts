import { syntaxWords } from './syntax-words.ts'

/*
 * What an SQL error means, in a plain sentence beside the server's own. Chosen by its code, by the sentence that the learner
 * reads anyway, and by their own statement: nothing that comes from rows has a part in it.
 */
export type ShownError = {
  code: string
  /** As the learner reads it. */
  message: string
  statement: string
  /** 1-based character of `statement`. */
  position?: number | undefined
}

/** Undefined where nothing better is known than what the server says. */
export function plainWords(error: ShownError): string | undefined {
  const found = MISTAKES.find(
    ({ code, says, near }) =>
      code === error.code &&
      (!says || says.test(error.message)) &&
      (!near ||
        near.test(
          Array.from(error.statement)
            .slice((error.position ?? 1) - 1)
            .join(''),
        )),
  )
  return found?.words ?? (error.code === '42601' ? syntaxWords(error) : undefined)
}

type Mistake = {
  code: string
  /** What the server's sentence must match, and what must stand at the place of the fault. */
  says?: RegExp
  near?: RegExp
  words: string
}

/** Of each code the particular ones first. */
const MISTAKES: readonly Mistake[] = [
  { code: '42703', near: /^[‘’“”]/, words: 'These are typographic quotes. SQL knows the straight ones only: \'text\' and "name".' },
  {
    code: '42703',
    near: /^"/,
    words: "Double quotes stand around names of columns and tables; a text stands in single quotes: 'text'.",
  },
  {
    code: '42703',
    words:
      'There is no column of that name here. Look at its spelling; a name that SELECT gives with AS is not known yet in WHERE and HAVING.',
  },
  {
    code: '42P01',
    says: /missing FROM-clause entry|invalid reference to FROM-clause entry/,
    words: 'Nothing in FROM is called that. Once a table has an alias, its columns are named by the alias only.',
  },
  {
    code: '42P01',
    words: 'There is no table or CTE of that name. A CTE is known only in the statement after its WITH, and in CTEs after it.',
  },
  {
    code: '42702',
    words: 'More than one table of FROM has a column of that name: write which one is meant, as in orders.id.',
  },
  { code: '42712', words: 'Two tables in FROM have the same name: give one of them an alias.' },
  {
    code: '42803',
    says: /not allowed in WHERE/,
    words: 'WHERE looks at single rows, before they are grouped: a condition on count(), sum() and the like stands in HAVING.',
  },
  {
    code: '42803',
    says: /nested/,
    words: 'An aggregate of an aggregate takes two steps: the inner one in a subquery or CTE, the outer one over its rows.',
  },
  {
    code: '42803',
    says: /not allowed in/,
    words: 'count(), sum() and the like work on groups of rows; at this place there are no groups yet.',
  },
  {
    code: '42803',
    words:
      'One row stands for a whole group here, but this column may differ within it: add it to GROUP BY, or say which value is meant with an aggregate such as min() or max().',
  },
  {
    code: '42P20',
    words: 'Window functions are worked out after WHERE, GROUP BY and HAVING: put the query into a subquery or CTE, and filter around it.',
  },
  {
    code: '42P10',
    says: /SELECT DISTINCT ON/,
    words: 'ORDER BY has to begin with the expressions of DISTINCT ON: it decides which row of each is kept.',
  },
  {
    code: '42P10',
    says: /SELECT DISTINCT/,
    words: 'After SELECT DISTINCT only what is in its list can be sorted by: the rows behind it are gone.',
  },
  { code: '42P10', words: 'ORDER BY and GROUP BY take a number for the place of a column in SELECT: there are not so many columns.' },
  { code: '42883', says: /operator does not exist: .* == /, words: 'Two values are compared with one sign: =.' },
  { code: '42883', says: /operator does not exist: boolean (&&|\|\|) boolean/, words: 'Conditions are joined by AND and OR.' },
  { code: '42883', near: /^(ifnull|nvl|isnull)\s*\(/i, words: 'In PostgreSQL this is coalesce(value, other).' },
  { code: '42883', near: /^(if|iif|decode)\s*\(/i, words: 'In PostgreSQL this is CASE WHEN condition THEN value ELSE other END.' },
  { code: '42883', near: /^(getdate|sysdate|curdate)\s*\(/i, words: 'In PostgreSQL this is now() or current_date.' },
  {
    code: '42883',
    near: /^(year|month|day|hour|minute|datepart)\s*\(/i,
    words: 'In PostgreSQL this is extract(year FROM value), and so on.',
  },
  {
    code: '42883',
    near: /^(datediff|dateadd|date_add|date_sub|timestampdiff)\s*\(/i,
    words: "In PostgreSQL dates are subtracted with -, and + interval '1 day' adds to them.",
  },
  { code: '42883', near: /^(group_concat|listagg)\s*\(/i, words: "In PostgreSQL this is string_agg(value, ', ' ORDER BY …)." },
  { code: '42883', near: /^len\s*\(/i, words: 'In PostgreSQL this is length(text).' },
  {
    code: '42883',
    says: /operator does not exist/,
    words: 'This operator does not take values of these two types: compare like with like, or convert one with ::type.',
  },
  {
    code: '42883',
    words:
      'There is no function of that name for values of these types. Look at its spelling, and at how many arguments it takes of which type.',
  },
  { code: '42725', words: 'More than one function or operator of that name fits: say the types with ::type.' },
  {
    code: '42804',
    says: /argument of (WHERE|HAVING|ON|AND|OR|NOT|JOIN\/ON|CASE\/WHEN)/,
    words: 'A condition must be true or false: compare the value with something.',
  },
  {
    code: '42804',
    says: /UNION|INTERSECT|EXCEPT/,
    words: 'The columns of both parts are matched by their place: at this place their types differ.',
  },
  { code: '42804', says: /CASE|COALESCE/, words: 'All results of one CASE or coalesce must have one type.' },
  { code: '42804', words: 'A value of one type stands where another is asked for: convert it with ::type.' },
  { code: '42846', words: 'There is no conversion between these two types.' },
  {
    code: '42601',
    says: /each (UNION|INTERSECT|EXCEPT) query must have the same number of columns/,
    words: 'Both parts must return the same number of columns.',
  },
  {
    code: '42601',
    says: /subquery must return only one column/,
    words: 'A subquery that stands for one value, or after IN, returns one column: take the others out of its SELECT.',
  },
  {
    code: '42601',
    says: /subquery has too (many|few) columns/,
    words: 'The subquery after IN must return as many columns as stand before IN.',
  },
  { code: '42601', says: /INSERT has more (expressions|target columns)/, words: 'INSERT needs as many values as it names columns.' },
  { code: '42601', says: /LIMIT #,#/, words: 'In PostgreSQL this is LIMIT 10 OFFSET 5: first how many rows, then how many are skipped.' },
  { code: '42501', words: 'Whoever runs statements here has no right to that: it is not needed for the task.' },
  { code: '21000', words: 'A subquery that stands for one value found several rows: limit it to one, aggregate it, or use IN.' },
  { code: '22012', words: 'Somewhere the divisor is 0: divide by nullif(divisor, 0), and the result is NULL there.' },
  { code: '22P02', words: 'A text was to be read as a value of another type, and is none.' },
  { code: '22007', words: "This is no date or time: write '2027-06-30' or '2027-06-30 14:00+00'." },
  { code: '22008', words: 'This date or time does not exist: a 31 June, say, or an hour 25.' },
  { code: '22003', words: 'A result is too large for its type: convert a value to bigint or numeric before.' },
  { code: '22001', words: 'A text is longer than its column takes.' },
  { code: '23505', words: 'A row with this key is there already.' },
  { code: '23503', words: 'A row refers to another one that is not there, or would be gone.' },
  { code: '23502', words: 'This column must have a value: NULL is not allowed in it.' },
  { code: '23514', words: 'A value breaks a rule (CHECK) of its table.' },
  { code: '25006', words: 'This statement may only read.' },
  {
    code: '25001',
    says: /cannot run inside a transaction block/,
    words: 'A file of a migration is one transaction, unless it begins with -- assay: no-transaction. Put no BEGIN before this statement.',
  },
  {
    code: '2D000',
    words:
      'COMMIT and ROLLBACK work in a DO block or a procedure only where no transaction is open: begin the file with -- assay: no-transaction.',
  },
  {
    code: '55P04',
    words: 'A new value of an enum can be used only after the transaction that adds it: put the rest into a step of its own.',
  },
]
