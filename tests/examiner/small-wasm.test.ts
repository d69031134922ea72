import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'

const PARSE = `
  import { parseSql } from './examiner/sql/parse.ts'
  const columns = Array.from({ length: 3000 }, (_, at) => '(a + ' + at + ') AS c' + at)
  const tests = Array.from({ length: 500 }, (_, at) => 'x = ' + at)
  const sql = 'SELECT ' + columns.join(', ') + ' FROM t WHERE ' + tests.join(' OR ')
  for (let times = 0; times < 20; times++) if ((await parseSql(sql)).fault) throw new Error('not parsed')
  console.log(process.resourceUsage().maxRSS)`

test('the SQL parser is not compiled by the optimising compiler, which would take more than the examiner has', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PARSE], { cwd: join(import.meta.dirname, '../..') })
  const kibibytes = Number(await text(child.stdout))
  expect(kibibytes).toBeGreaterThan(40 * 1024)
  expect(kibibytes).toBeLessThan(300 * 1024)
})
