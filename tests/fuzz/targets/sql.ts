import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { readSteps } from '../../../examiner/sql/split.ts'
import { parseSql } from '../../../examiner/sql/parse.ts'
import { mutatedText } from '../mutate.ts'
import { target } from '../target.ts'

const library = resolve(import.meta.dirname, '../../../exercises')
const seeds = [
  readFileSync(`${library}/free-nights/reference.sql`, 'utf8'),
  readFileSync(`${library}/members-in-order/submissions/accepted/in-place/up.sql`, 'utf8'),
  "DO $body$ BEGIN RAISE NOTICE 'x;y'; END $body$; SELECT E'\\'', U&'d\\0061t', $1, /* a /* b */ c */ 1::text -- end",
]
const PIECES = [
  ';',
  "'",
  '"',
  '$$',
  '$a$',
  '/*',
  '*/',
  '--',
  '\\',
  "E'\\",
  '(',
  ')',
  '::',
  'BEGIN',
  'COMMIT',
  '\u{1F600}',
  '\0',
  '\uFEFF',
  '\uD800',
  '-- assay: no-transaction\n',
  '('.repeat(3000),
]

/** What a learner hands in as SQL, read by PostgreSQL's grammar in the examiner. */
export const sql = target({
  name: 'SQL text',
  cases: mutatedText(seeds, PIECES),
  // The parser's own memory only ever grows, by what each fault leaves in it; an examiner reads a few files and ends.
  mayPeak: 1200,
  async read(text) {
    const parsed = await parseSql(text)
    if (parsed.fault) {
      if (typeof parsed.fault.message !== 'string' || parsed.fault.message.length > 2000) throw new Error('a fault without an end')
    } else {
      for (const statement of parsed.statements) {
        if (!text.includes(statement.text)) throw new Error(`a statement that nobody wrote: ${statement.text}`)
      }
    }
    await readSteps({ 'up.sql': text, 'down.sql': 'SELECT 1' })
  },
})
