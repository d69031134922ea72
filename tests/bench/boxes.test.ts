import { expect, test } from 'vitest'
import { optionsOf } from '../../bench/boxes/box-life.ts'
import { choices } from '../../bench/boxes/choices.ts'
import { textOf } from '../../bench/boxes/text.ts'
import type { OwnEngine } from '../../bench/boxes/own-engine.ts'

/*
 * What a choice costs is its cost only if it differs from the profile of every box, and in that one thing.
 */
const given = { own: {} as OwnEngine, imageRef: 'assay-base:0', architecture: 'amd64' }
const json = (value: unknown) => JSON.stringify(value)
/** Labels say when a box was made. */
const profile = (change?: Parameters<typeof optionsOf>[0]['change']) => ({ ...optionsOf({ ...given, change }), Labels: {} })

test.each(choices('amd64').map(each => [`${each.about}: ${each.instead}`, each] as const))(
  '%s is not what a box has',
  (_, { change, image }) => {
    expect(image !== undefined || json(profile(change)) !== json(profile())).toBe(true)
  },
)

test('no choice changes what the next one is compared with', () => {
  const before = json(profile())
  for (const { change } of choices('amd64')) profile(change)
  expect(json(profile())).toBe(before)
})

test('the table has a line for each choice, with its ratio to the profile as it is', () => {
  const life = (factor: number) => ({ create: 1, attach: 1, start: 1, remove: 1, wall: 100 * factor, processor: 50 * factor })
  const machine = {
    cores: 2,
    processor: 'x',
    memoryBytes: 2 ** 30,
    kernel: '6',
    node: 'v24',
    engine: '20',
    runtimes: [],
    cgroupVersion: '1',
    storageDriver: 'overlay2',
  }
  const rows = [
    { about: 'the profile', ours: '', instead: 'as it is', lives: [life(1)] },
    { about: 'network', ours: 'NetworkDisabled', instead: 'default bridge', lives: [life(2)] },
  ]
  const text = textOf({ machine, notes: ['crun: no network'], rows, saturation: {}, openings: {}, database: [], counting: [] })
  expect(text).toMatch(/network: default bridge \(ours: NetworkDisabled\) +2\.0× +2\.0× +100 /)
  expect(text).toContain('- crun: no network')
})
