import { expect, test } from 'vitest'
import { shownLimit } from '../../cli/manifest-reference.ts'
import { FIXED, LIMITS } from '../../core/limits.ts'
import { OUTCOMES } from '../../core/outcome.ts'
import { readDoc } from './blocks.ts'

const page = readDoc('docs/learners/README.md')
const rows = page
  .split('\n')
  .filter(line => line.startsWith('| `'))
  .map(line => line.split('|').map(cell => cell.trim().replaceAll('`', '')))

test('the table of limits agrees with the limits', () => {
  const expected = Object.entries(LIMITS).map(([name, { default: usual, ceiling, unit }]) => [
    name,
    shownLimit(usual, unit),
    shownLimit(ceiling, unit),
  ])
  const names = Object.keys(LIMITS)
  expect(rows.filter(([, name]) => names.includes(name!)).map(row => row.slice(1, 4))).toEqual(expected)
})

test('what no exercise can change is told as it is', () => {
  const told = page.replaceAll(/\s+/g, ' ')
  expect(told).toContain(`${shownLimit(FIXED.outputKilledBytes, 'bytes')} printed by a program`)
  expect(told).toContain(`(${shownLimit(FIXED.outputKeptBytes, 'bytes')} are kept)`)
  expect(told).toContain(`${FIXED.resultRows} rows or ${shownLimit(FIXED.resultBytes, 'bytes')} returned by a query`)
  expect(told).toContain(`${FIXED.endpointConnections} connections to its database, and ${FIXED.pids} processes and threads`)
})

test('every outcome is told, in the order in which they are decided', () => {
  expect(rows.map(([, name]) => name).filter(name => (OUTCOMES as readonly string[]).includes(name!))).toEqual([...OUTCOMES])
})

test('the packages that a program may import are those of its image', () => {
  const { dependencies } = JSON.parse(readDoc('sandbox-images/node/package.json')) as { dependencies: Record<string, string> }
  const names = Object.keys(dependencies).map(name => `\`${name}\``)
  expect(page).toContain(`${names.slice(0, -1).join(', ')} and ${names.at(-1)} can be imported.`)
})
