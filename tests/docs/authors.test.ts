import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { MANIFEST_PAGE, manifestPage } from '../../cli/manifest-reference.ts'
import { namedBlocks, readDoc } from './blocks.ts'

const blocks = namedBlocks(readDoc('docs/authors/README.md'))

test('the reference of exercise.yaml is current (node cli/boot.mjs exec cli/manifest-reference.ts makes it)', () => {
  expect(readFileSync(MANIFEST_PAGE, 'utf8')).toBe(manifestPage())
})

test('the exercise that the guide writes out is what assay new makes', () => {
  const template = 'cli/new/templates/endpoint'
  const files = readdirSync(template, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  const made = files.map(({ parentPath, name }) => join('guest-book', relative(template, join(parentPath, name))))
  const written = blocks.filter(({ path }) => path.startsWith('guest-book/'))
  expect(written.map(({ path }) => path).toSorted()).toEqual(made.toSorted())
  for (const { path, code } of written) expect(readDoc(path.replace('guest-book', template))).toBe(code)
})

const quoted = blocks.filter(({ path }) => path.startsWith('exercises/'))

test('the guide quotes exercises of two other kinds', () => {
  expect(quoted.map(({ path }) => path)).toEqual([
    'exercises/free-nights/exercise.yaml',
    'exercises/free-nights/datasets/whole-house.sql',
    'exercises/members-in-order/tests/visible/migration.test.ts',
  ])
})

test.each(quoted)('what it quotes of $path stands there', ({ path, code }) => {
  expect(readDoc(path)).toContain(code)
})

const PAGES = ['races', 'query-cost', 'stress', 'pace']
const ofPages = PAGES.flatMap(page => namedBlocks(readDoc(`docs/authors/${page}.md`)))

test('the pages on capabilities quote the exercises that need them', () => {
  expect(new Set(ofPages.map(({ path }) => path.split('/')[1]))).toEqual(
    new Set(['village-cinema', 'pages-of-orders', 'lost-and-found', 'regatta-board']),
  )
})

test.each(ofPages)('what they quote of $path stands there', ({ path, code }) => {
  // A formatter moves what stands inside a test to the left.
  const lines = (text: string) => text.split('\n').map(line => line.trim())
  expect(lines(readDoc(path)).join('\n')).toContain(lines(code).join('\n').trim())
})
