import { expect, test } from 'vitest'
import { namedBlocks, readDoc } from './blocks.ts'

/** Pages of one capability each: what they quote of an exercise stands there. */
const PAGES = ['contracts.md', 'security-probes.md']

const quoted = PAGES.flatMap(page =>
  namedBlocks(readDoc(`docs/authors/${page}`))
    .filter(({ path }) => path.startsWith('exercises/'))
    .map(block => ({ page, ...block })),
)

test('each page quotes its exercise', () => {
  expect([...new Set(quoted.map(({ page }) => page))]).toEqual(PAGES)
})

test.each(quoted)('what $page quotes of $path stands there', ({ path, code }) => {
  expect(readDoc(path)).toContain(code)
})
