import picocolors from 'picocolors'
import { expect, test } from 'vitest'
import { visibleWidth } from '../../cli/render/layout.ts'
import { planLines } from '../../cli/render/plan.ts'
import { testLines } from '../../cli/render/test-lines.ts'
import { planSchema, type PlanNode } from '../../core/plan.ts'
import { sampleTest } from './sample-reports.ts'

const style = { width: 100, colours: picocolors.createColors(false) }

function node(depth: number, name: string, change: Partial<PlanNode> = {}): PlanNode {
  return { depth, node: name, rowsEstimated: 1, rowsActual: 1, loops: 1, buffers: 1, ...change }
}

function render(nodes: PlanNode[], width = 100, left = 0): string[] {
  return planLines(planSchema.parse({ nodes, left, buffers: 12_345, rows: 200_010, demands: [] }), { ...style, width }, '  ')
}

test('a plan is a tree, with the costly node marked and its conditions below it', () => {
  const lines = render(
    [
      node(0, 'Hash Left Join', { condition: '(r.meter_id = m.id)' }),
      node(1, 'Seq Scan', { on: 'readings', filter: '(litres > 5)', rowsActual: 10, removed: 199_990, buffers: 12_300, costly: true }),
      node(1, 'Hash'),
      node(2, 'Index Scan', { on: 'meters', index: 'meters_pkey', loops: 0 }),
      node(1, 'Limit', { part: 'SubPlan 1' }),
    ],
    100,
    7,
  )
  expect(lines.map(line => line.replaceAll(/ {2,}/g, '  ').trimEnd())).toEqual([
    '  How it was carried out: 12,345 pages touched, 200,010 rows visited. Rows are those of one loop.',
    '  Node  Estimated  Rows  Thrown away  Loops  Pages',
    '  Hash Left Join  1  1  1  1',
    '  │  by (r.meter_id = m.id)',
    '  ▶  ├ Seq Scan on readings  1  10  199,990  1  12,300',
    '  │  only (litres > 5)',
    '  ├ Hash  1  1  1  1',
    '  │ └ Index Scan using meters_pkey on meters  1  never  0  0',
    '  └ SubPlan 1: Limit  1  1  1  1',
    '  … and 7 more nodes',
  ])
})

test.each([40, 80, 120])('it keeps within %d columns, however deep and however named', width => {
  const nodes = Array.from({ length: 60 }, (_, depth) =>
    node(depth, 'Seq Scan', { on: `\u001b[31m${'evil\u202e '.repeat(20)}`, filter: 'f'.repeat(300) }),
  )
  const lines = render(nodes, width)
  expect(Math.max(...lines.map(visibleWidth))).toBeLessThanOrEqual(width)
  for (const sign of ['\u001b', '\u202e']) expect(lines.join('')).not.toContain(sign)
})

test('a test that failed by its plan tells why, then shows the plan; a likely mistake is told, too', () => {
  const plan = { nodes: [node(0, 'Seq Scan', { on: 'orders', costly: true })], left: 0, buffers: 9, rows: 9, demands: [] }
  const mistake = { kind: 'off-by-one', words: 'A bound is off by one.' } as const
  const text = testLines(sampleTest({ status: 'failed', message: 'The way costs too much.', plan, mistake }), style).join('\n')
  expect(text).toMatch(/The way costs too much\.[\s\S]*What this looks like: A bound is off by one\.[\s\S]*▶ +Seq Scan on orders/)
})
