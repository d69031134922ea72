import picocolors from 'picocolors'
import { describe, expect, test } from 'vitest'
import { chooseSamples } from '../../cli/demo/choose-samples.ts'
import type { DemoRow } from '../../cli/demo/run-sample.ts'
import { demoLines } from '../../cli/render/demo.ts'
import { visibleWidth } from '../../cli/render/layout.ts'
import type { Outcome } from '../../core/outcome.ts'
import type { Sample } from '../../core/read-samples.ts'

const row: DemoRow = {
  exercise: 'parcel-lockers',
  kind: 'endpoint',
  runtime: 'node',
  sample: 'wrong_answer/after-in-the-filtered-list',
  submission: 'sub_1',
  expected: 'wrong_answer',
  outcome: 'wrong_answer',
  score: { earned: 45, possible: 48 },
  tests: { passed: 23, total: 24 },
  queueMs: 51_888,
  gradeMs: 20_250.4,
  findings: [],
}
const colours = picocolors.createColors(false)

describe("the demonstration's table", () => {
  test('is one table where there is room', () => {
    const [head, line, , sum] = demoLines([row], { width: 100, tables: 160, colours })
    expect(head).toMatch(/^Exercise +Kind +Runtime +Submission +Expected +Outcome +Score +Tests +Queue ms +Grade ms$/)
    expect(line).toBe(
      'parcel-lockers  endpoint  node     after-in-the-filtered-list  wrong_answer  wrong_answer  45/48  23/24     51888     20250',
    )
    expect(sum).toBe('✓ 1 submission, all graded as labelled.')
  })

  test('loses nothing where there is little', () => {
    const lines = demoLines([row, { ...row, exercise: 'free-nights', findings: ['expected wrong_answer, got accepted'] }], {
      width: 80,
      colours,
    })
    for (const line of lines) expect(visibleWidth(line)).toBeLessThanOrEqual(80)
    expect(lines[0]).toBe('parcel-lockers · endpoint · node')
    expect(lines.join('').replaceAll(/\s/g, '')).toContain('after-in-the-')
    expect(lines.slice(-3, -1).join('')).toBe('✗ free-nights wrong_answer/after-in-the-filtered-list: expected wrong_answer,  got accepted')
    expect(lines.at(-1)).toBe('✗ 1 of 2 submissions not as labelled.')
  })
})

test.each<[string[], boolean, string[]]>([
  [
    ['accepted/a', 'accepted/b', 'runtime_error/c', 'wrong_answer/d', 'wrong_answer/e'],
    false,
    ['accepted/a', 'wrong_answer/d', 'runtime_error/c'],
  ],
  [['accepted/a', 'wrong_answer/d', 'wrong_answer/e'], false, ['accepted/a', 'wrong_answer/d', 'wrong_answer/e']],
  [['accepted/a', 'accepted/b'], true, ['accepted/a', 'accepted/b']],
  [['start_error/a'], false, ['start_error/a']],
])('of the samples %j (all: %j) it shows %j', (paths, all, chosen) => {
  const samples = paths.map((path): Sample => ({
    path,
    outcome: path.split('/')[0] as Outcome,
    name: path,
    folder: path,
    files: {},
    expects: {},
  }))
  expect(chooseSamples(samples, all).map(sample => sample.path)).toEqual(chosen)
})
