import { describe, expect, test } from 'vitest'
import type { Bundle } from '../../core/bundle.ts'
import { BundleCache, checkedBundle } from '../../worker/bundle-cache.ts'
import { greeter } from '../support/greeter.ts'

/** As it crosses the wire. */
const onTheWire = (bundle: Bundle) => JSON.parse(JSON.stringify(bundle)) as Bundle
const bundle = greeter()

/** Exercises that differ by a file of this many bytes, and a source that counts what is fetched. */
function library(sizes: readonly number[]) {
  const bundles = sizes.map((size, number) => greeter({ files: { 'padding.txt': `${number}`.padEnd(size) } }))
  const fetched: number[] = []
  const fetch = async (version: string) => {
    fetched.push(bundles.findIndex(each => each.version === version))
    return onTheWire(bundles[fetched.at(-1)!]!)
  }
  return { bundles, fetched, fetch, version: (number: number) => bundles[number]!.version }
}

describe('what the server sends for a version', () => {
  test('is taken when its content gives that version', () => {
    expect(checkedBundle(onTheWire(bundle), bundle.version)).toEqual(bundle)
  })

  test.each<[string, (bundle: Bundle) => unknown]>([
    ['with a test changed', each => ({ ...each, files: { ...each.files, 'tests/hidden/refuse.test.ts': '' } })],
    ['with a file more', each => ({ ...each, files: { ...each.files, 'extra.ts': '' } })],
    ['with a file fewer', each => ({ ...each, files: { 'exercise.yaml': each.files['exercise.yaml'] } })],
    ['under another name', each => ({ ...each, slug: 'other' })],
    ['being another exercise in good order', () => greeter({ files: { 'extra.ts': '' } })],
    ['being no bundle', () => ({ items: [] })],
    ['being nothing', () => null],
  ])('%s is refused', (_, changed) => {
    expect(() => checkedBundle(changed(onTheWire(bundle)), bundle.version)).toThrow(expect.objectContaining({ code: 'BUNDLE_BROKEN' }))
  })

  test('has its limits from the content that gives the version, whatever else it says', () => {
    const loosened = { ...onTheWire(bundle), manifest: greeter({ limits: { memory: '2g', total: '300s' } }).manifest }
    expect(checkedBundle(loosened, bundle.version).manifest).toEqual(bundle.manifest)
  })
})

describe('bundles', () => {
  test('are fetched once, also when several gradings want one at once', async () => {
    const { fetch, fetched, version } = library([10, 10])
    const cache = new BundleCache(fetch)
    await Promise.all([cache.get(version(0)), cache.get(version(0)), cache.get(version(1))])
    await cache.get(version(0))
    expect(fetched).toEqual([0, 1])
  })

  test('are not kept when they were broken, and asked for anew', async () => {
    const answers: unknown[] = [greeter({ files: { 'extra.ts': '' } }), bundle]
    const cache = new BundleCache(async () => onTheWire(answers.shift() as Bundle))
    await expect(cache.get(bundle.version)).rejects.toThrow(bundle.version)
    expect((await cache.get(bundle.version)).slug).toBe('greeter')
  })

  test('give room to others by bytes, those asked for least lately first', async () => {
    const { fetch, fetched, version } = library([40_000, 40_000, 40_000])
    const cache = new BundleCache(fetch, { keptBytes: 100_000 })
    for (const number of [0, 1, 0, 2, 0]) await cache.get(version(number))
    expect(fetched).toEqual([0, 1, 2])
    await cache.get(version(1))
    expect(fetched).toEqual([0, 1, 2, 1])
  })

  test('larger than all the room are graded all the same', async () => {
    const { fetch, fetched, version } = library([40_000, 200_000])
    const cache = new BundleCache(fetch, { keptBytes: 100_000 })
    for (const number of [0, 1, 1, 0, 1]) await cache.get(version(number))
    expect(fetched).toEqual([0, 1, 0, 1])
  })
})
