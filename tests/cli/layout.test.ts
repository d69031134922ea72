import { expect, test } from 'vitest'
import { truncate, visibleWidth } from '../../cli/render/layout.ts'

test.each(['the worker’s clock ends it', 'ends in … and goes on', 'größer als \u{1F600}\u{1F600} sind sie nicht', 'plain words alone'])(
  'cuts %j to any width, and never a cell more',
  text => {
    for (let width = 2; width < 40; width++) expect(visibleWidth(truncate(text, width)), `at ${width}`).toBeLessThanOrEqual(width)
    expect(truncate(text, 40)).toBe(text)
  },
)
