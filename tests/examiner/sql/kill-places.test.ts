import { expect, test } from 'vitest'
import type { StatementRun } from '../../../core/report.ts'
import { killPlaces, mayBeTried, untriedWords, type KillPlace } from '../../../examiner/sql/migration/kill-places.ts'

const runOf = (text: string, inTransaction = false): StatementRun => ({ file: 'up.sql', number: 1, text, durationMs: 100, inTransaction })
const told = (places: KillPlace[]) => places.map(({ run, how, part }) => `${run.text} ${how}${part === 1 ? '' : ` ${part}`}`)

test('what commits on its way comes first, at its half before its quarters; what stands in a transaction comes last', () => {
  const statements = [
    runOf('BEGIN'),
    runOf('UPDATE a', true),
    runOf('COMMIT'),
    runOf('VACUUM'),
    runOf('DO $$a$$'),
    runOf('CREATE INDEX CONCURRENTLY i'),
    runOf('DO $$b$$'),
    runOf('DO $$c$$', true),
  ]
  const { all, tried } = killPlaces(statements)
  expect(told(tried)).toEqual([
    'DO $$a$$ on its way 0.5',
    'CREATE INDEX CONCURRENTLY i while it waits',
    'DO $$b$$ on its way 0.5',
    'DO $$a$$ on its way 0.25',
    'DO $$a$$ on its way 0.75',
    'DO $$b$$ on its way 0.25',
    'DO $$b$$ on its way 0.75',
    'VACUUM executed',
    'UPDATE a executed',
    'DO $$c$$ executed',
  ])
  expect(all).toEqual(tried)
})

test('of many statements some are tried, the last one too, and how many there are is told', () => {
  const { all, tried } = killPlaces(Array.from({ length: 45 }, (_, index) => runOf(`SELECT ${index}`, true)))
  expect(all).toHaveLength(45)
  expect(tried).toHaveLength(23)
  expect(tried.at(-1)!.run.text).toBe('SELECT 44')
  expect(untriedWords(23, 45)).toMatch(/^up was killed at 23 of the 45 places/)
  expect(untriedWords(45, 45)).toBeUndefined()
})

test.each([
  ['in time', { spentMs: 15_000, theirsMs: 15_000, tries: 2 }, true, true],
  ['late, after many tries', { spentMs: 15_001, theirsMs: 12_000, tries: 4 }, false, false],
  ['late, after a few that took long', { spentMs: 15_001, theirsMs: 12_001, tries: 4 }, true, false],
])('one more try begins %s: where something is left behind, and where nothing is', (_, spent, outside, inside) => {
  const [first] = killPlaces([runOf('SELECT 1')]).tried
  const [second] = killPlaces([runOf('SELECT 1', true)]).tried
  expect([mayBeTried(first!, spent), mayBeTried(second!, spent)]).toEqual([outside, inside])
})
