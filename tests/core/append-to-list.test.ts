import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { appendToList } from '../../core/append-to-list.ts'

const ADDED = { id: 'b', name: 'B: "x" it’s', task: 't', file: 'b.sql', visibility: 'hidden', category: 'c' }
const LINES = `  - id: b\n    name: 'B: "x" it’s'\n    task: t\n    file: b.sql\n    visibility: hidden\n    category: c\n`

/** The mark is where it is added. */
test.each([
  ['at the end', 'kind: query # mine\ndatasets:\n  # first\n  - { id:  a }\n@', LINES],
  ['behind a comment', 'datasets:\n  - id: a # last\n@', LINES],
  ['before what follows', 'datasets:\n  - id: a\n    hint: x\n@\n# and then\ntitle:   A\n', LINES],
  ['without a line’s end', 'datasets:\n  - id: a@', `\n${LINES}`],
  ['not indented', 'datasets:\n- id: a\n@', LINES.replaceAll(/^ {2}/gm, '')],
  ['after a text of several lines', 'datasets:\n  - id: a\n    hint: |\n      x\n      y\n@', LINES],
])('an item is added %s, and no other letter changes', (_, marked, lines) => {
  const text = appendToList(marked.replace('@', ''), 'datasets', [ADDED])
  expect(text).toBe(marked.replace('@', lines))
  expect((parse(text) as { datasets: unknown[] }).datasets[1]).toEqual(ADDED)
})

test('a list in brackets gets it, too', () => {
  const text = appendToList('datasets: [{ id: a }] # mine\n', 'datasets', [ADDED])
  expect(parse(text)).toEqual({ datasets: [{ id: 'a' }, ADDED] })
  expect(text).toContain('# mine')
})
