import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { forbiddenImports, rulesOf } from './import-rules.ts'

const root = join(import.meta.dirname, '../..')

test('no import goes against the table in ARCHITECTURE.md', () => {
  const rules = rulesOf(readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8'))
  expect(rules.length).toBeGreaterThan(10)
  expect(forbiddenImports(root, rules)).toEqual([])
})

test('a tree that breaks the rules is found out', () => {
  const rules = [
    { from: 'core/', own: ['core/'], packages: ['zod'] },
    { from: 'server/', own: ['core/', 'server/', '!server/store/', 'server/store/store.ts'], packages: [] },
  ]
  expect(forbiddenImports(join(import.meta.dirname, 'fixtures/broken-tree'), rules)).toEqual([
    'core/words.ts → express',
    'core/words.ts → ../server/app.ts',
    'server/app.ts → ./store/sqlite.ts',
    'server/app.ts → bullmq',
  ])
})
