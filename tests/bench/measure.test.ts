import { expect, test } from 'vitest'
import { alternate } from '../../bench/measure/alternate.ts'
import { highestOf } from '../../bench/measure/process-memory.ts'
import { busySeconds, machineSeconds, processTicks, secondsOfTree, treeSeconds } from '../../bench/measure/processor-time.ts'
import { median, quantile, spread } from '../../bench/measure/stats.ts'
import { plotSvg } from '../../bench/measure/svg.ts'
import { table } from '../../bench/measure/table.ts'
import { digits } from '../../bench/measure/words.ts'

test.each([
  [[3, 1, 2], 0.5, 2],
  [[4, 1, 2, 3], 0.5, 2.5],
  [[10, 20, 30, 40, 50], 0.95, 48],
  [[7], 0.95, 7],
  [[5, 1], 0, 1],
  [[5, 1], 1, 5],
])('of %j the quantile %f is %f', (values, q, expected) => {
  expect(quantile(values, q)).toBeCloseTo(expected, 10)
})

test('nothing has no median', () => {
  expect(median([])).toBeNaN()
  expect(spread([]).n).toBe(0)
})

test('values are not put in order where they stand', () => {
  const values = [3, 1, 2]
  expect(spread(values)).toEqual({ n: 3, min: 1, p25: 1.5, p50: 2, p75: 2.5, p95: 2.9, max: 3 })
  expect(values).toEqual([3, 1, 2])
})

test('waiting, and what another machine took, is not work', () => {
  // user nice system idle iowait irq softirq steal guest guest_nice
  expect(busySeconds('cpu  100 20 300 4000 50 6 4 70 10 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n')).toBe(4.3)
})

test('a process counts with what it started, whatever its name is', () => {
  const stat = (pid: number, name: string, parent: number, times: string) =>
    `${pid} (${name}) S ${parent} 1 1 0 -1 4 0 0 0 0 ${times} 20 0 1`
  const all = [stat(10, 'a) R 1 (b', 1, '10 5 3 2'), stat(11, 'child', 10, '100 0 0 0'), stat(12, 'grandchild', 11, '0 50 0 0')].map(
    processTicks,
  )
  expect(all[0]).toEqual({ pid: 10, parent: 1, ticks: 20 })
  expect(secondsOfTree(10, all)).toBeCloseTo(1.7, 10)
  expect(secondsOfTree(99, all)).toBe(0)
})

test("this machine's and this process' own times can be read, and grow", () => {
  const [machine, own] = [machineSeconds(), treeSeconds(process.pid)]
  expect(own).toBeGreaterThan(0)
  expect(machine).toBeGreaterThan(own)
})

test('the most memory of a process is read in bytes', () => {
  expect(highestOf('Name:\tnode\nVmPeak:\t 900 kB\nVmHWM:\t   2048 kB\nVmRSS:\t 1024 kB\n')).toBe(2048 * 1024)
  expect(highestOf('Name:\tended\n')).toBeUndefined()
})

test('figures stand to the right, words to the left', () => {
  expect(
    table(
      ['design', 'p50', 'note'],
      [
        ['floor', '121 ms', 'bare'],
        ['naive', '1,047 ms', ''],
      ],
    ),
  ).toBe(['design       p50  note', '──────  ────────  ────', 'floor     121 ms  bare', 'naive   1,047 ms'].join('\n'))
})

test.each([
  [0.2345, '0.23'],
  [3.456, '3.5'],
  [45.6, '46'],
  [1234.5, '1,235'],
  [Number.NaN, '–'],
])('%f is written %s', (value, words) => {
  expect(digits(value)).toBe(words)
})

test('each round begins with another design, and uncounted rounds leave no figure', async () => {
  const order: string[] = []
  const run = (name: string) => async (round: number) => (order.push(name), round)
  const signal = new AbortController().signal
  const figures = await alternate({ a: run('a'), b: run('b'), c: run('c') }, { rounds: 2, uncounted: 1, signal })
  expect(order.join('')).toBe('abcbcacab')
  expect(figures).toEqual({ a: [1, 2], b: [1, 2], c: [1, 2] })
})

test('alternating ends when it is told to', async () => {
  const stop = new AbortController()
  const running = alternate({ a: async () => stop.abort(new Error('enough')) }, { rounds: 5, signal: stop.signal })
  await expect(running).rejects.toThrow('enough')
})

test('a plot says in words what it shows, and takes text for text', () => {
  const bars = [
    { label: 'floor', value: 100, words: '100 ms' },
    { label: '<Assay>', value: 20, words: '20 ms', low: 18, high: 50 },
  ]
  const plot = {
    title: 'Latency',
    description: 'Assay at 20 ms & the floor at 100 ms.',
    axis: 'milliseconds',
    groups: [{ label: 'endpoint', bars }],
  }
  const svg = plotSvg([plot], { title: 'Figures', description: 'Of one run.' })
  expect(svg).toContain('<title id="title">Figures</title>')
  expect(svg).toContain('<desc id="description">Of one run. Assay at 20 ms &amp; the floor at 100 ms.</desc>')
  expect(svg).toContain('&lt;Assay&gt;')
  expect(svg).not.toMatch(/<script|<style|on\w+=/)
  const widths = [...svg.matchAll(/<rect x="190".*? width="([\d.]+)"/g)].map(match => Number(match[1]))
  expect(widths[1]! / widths[0]!).toBeCloseTo(0.2, 2)
})
