import { expect, test } from 'vitest'
import { MUTATION_RULES } from '../../examiner/sql/query/mutants/mutants.ts'
import { namedBlocks, readDoc } from './blocks.ts'

const page = readDoc('docs/authors/data-that-kills.md')

test('the page on data that kills wrong queries quotes what stands there', () => {
  const quoted = namedBlocks(page)
  expect(quoted.map(({ path }) => path)).toEqual(['exercises/call-list/datasets/generated-2.sql'])
  for (const { path, code } of quoted) expect(readDoc(path)).toBe(code)
})

test('it lists every slip', () => {
  expect(MUTATION_RULES.filter(rule => !page.includes(`\`${rule}\``))).toEqual([])
})
