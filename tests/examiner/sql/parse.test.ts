import { expect, test } from 'vitest'
import { MAX_SQL_BYTES, MAX_STATEMENTS, parseSql } from '../../../examiner/sql/parse.ts'

/*
 * SQL that is handed in to wear the parser out: its tree takes a multiple of the text's room, in the examiner's box.
 */
const to = (length: number, [before, part, after]: readonly [string, string, string]) =>
  before + part.repeat(Math.floor((length - before.length - after.length) / part.length)) + after

test.each([
  ['brackets without an end', ['', '(', '']],
  ['brackets within brackets', ['SELECT 1', '+(1', '']],
  ['a sum without an end', ['SELECT 1', '+1', '']],
  ['casts of casts', ['SELECT 1', '::int', '']],
] as const)('%s are refused in words', async (_, parts) => {
  expect((await parseSql(to(MAX_SQL_BYTES, parts))).fault).toBeDefined()
})

test.each([
  ['a long list', ['SELECT ARRAY[1', ',1', ']']],
  ['a long condition', ['SELECT 1 WHERE true', ' AND a', '']],
  ['many unions', ['SELECT 1', ' UNION SELECT 1', '']],
  ['a long literal', ["SELECT '", 'x', "'"]],
] as const)('%s of the greatest size is read, in little memory', async (_, parts) => {
  const before = process.memoryUsage.rss()
  expect((await parseSql(to(MAX_SQL_BYTES, parts))).fault).toBeUndefined()
  expect(process.memoryUsage.rss() - before).toBeLessThan(300 * 1024 ** 2)
})

test('more text, or more statements, than anyone writes by hand', async () => {
  const fault = async (text: string) => (await parseSql(text)).fault?.message
  expect(await fault(`SELECT '${'x'.repeat(MAX_SQL_BYTES)}'`)).toBe('The file holds more than 96 KiB of SQL.')
  expect(await fault('SELECT 1;'.repeat(MAX_STATEMENTS))).toBeUndefined()
  expect(await fault('SELECT 1;'.repeat(MAX_STATEMENTS + 1))).toBe('The file holds 1001 statements; at most 1000 are run.')
})

test('a statement begins where it stands, in characters, whatever stands before it', async () => {
  const text = "SELECT 'é😀'; -- ß\n SELECT 2;;SELECT '😀'"
  const { statements } = (await parseSql(text)) as { statements: { text: string; offset: number }[] }
  const from = Array.from(text)
  for (const { text, offset } of statements) expect(from.slice(offset, offset + Array.from(text).length).join('')).toBe(text)
  expect(statements.map(({ text }) => text)).toEqual(["SELECT 'é😀'", 'SELECT 2', "SELECT '😀'"])
})
