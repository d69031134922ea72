/*
 * A plain plot for the documentation: horizontal bars in groups, each with its value in words and, where given, a line from
 * its low to its high end. No script and no style sheet; colours that hold on a light and on a dark page, and a title and a
 * description for who does not see it.
 */
export type Bar = {
  label: string
  value: number
  words: string
  low?: number
  high?: number
  /** Bars of one series have one colour in all groups; by default the place in the group. */
  series?: number
}
export type Group = { label: string; bars: readonly Bar[] }
export type Plot = {
  title: string
  /** What the plot shows, in a sentence or two: read out instead of it. */
  description: string
  /** What the bars' length means, with the unit. */
  axis: string
  groups: readonly Group[]
  /** Where values lie powers of ten apart, so that the small ones can still be seen. */
  logarithmic?: boolean
}

const WIDTH = 760
const LABELS = 190
const VALUES = 120
const BAR = 20
const GAP = 6
const COLOURS = ['#7a7f87', '#c2570c', '#1a6fc4', '#0b7d63', '#8250c4']

export function plotSvg(plots: readonly Plot[], { title, description }: { title: string; description: string }): string {
  let top = 44
  const drawn = plots.map(plot => {
    const { text, height } = drawPlot(plot, top)
    top += height + 24
    return text
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" width="${WIDTH}" height="${top}" role="img" aria-labelledby="title description" font-family="system-ui, sans-serif" font-size="13">
<title id="title">${escaped(title)}</title>
<desc id="description">${escaped([description, ...plots.map(plot => plot.description)].join(' '))}</desc>
<rect width="${WIDTH}" height="${top}" fill="#ffffff"/>
<text x="16" y="28" font-size="18" font-weight="600" fill="#1b1f24">${escaped(title)}</text>
${drawn.join('\n')}
</svg>
`
}

function drawPlot({ title, axis, groups, logarithmic = false }: Plot, top: number): { text: string; height: number } {
  const bars = groups.flatMap(group => group.bars)
  const scale = scaleOf(
    bars.flatMap(bar => [bar.value, bar.high ?? bar.value]),
    logarithmic,
  )
  const lines = [
    `<text x="16" y="${top + 18}" font-size="15" font-weight="600" fill="#1b1f24">${escaped(title)}</text>`,
    `<text x="16" y="${top + 36}" fill="#57606a">${escaped(axis)}${logarithmic ? ' (logarithmic)' : ''}</text>`,
  ]
  let y = top + 50
  for (const group of groups) {
    lines.push(`<text x="16" y="${y + 14}" font-weight="600" fill="#1b1f24">${escaped(group.label)}</text>`)
    y += 22
    group.bars.forEach((bar, at) => {
      lines.push(...drawBar(bar, COLOURS[(bar.series ?? at) % COLOURS.length]!, y, scale))
      y += BAR + GAP
    })
    y += 10
  }
  return { text: lines.join('\n'), height: y - top }
}

function drawBar(bar: Bar, colour: string, y: number, scale: (value: number) => number): string[] {
  const middle = y + BAR / 2
  const end = LABELS + scale(bar.value)
  const whole = Math.max(end, LABELS + scale(bar.high ?? 0))
  const range =
    bar.low === undefined || bar.high === undefined
      ? []
      : [
          `<line x1="${round(LABELS + scale(bar.low))}" x2="${round(LABELS + scale(bar.high))}" y1="${middle}" y2="${middle}" stroke="#1b1f24" stroke-width="1.5"/>`,
        ]
  return [
    `<text x="${LABELS - 8}" y="${middle + 4}" text-anchor="end" fill="#1b1f24">${escaped(bar.label)}</text>`,
    `<rect x="${LABELS}" y="${y}" width="${round(Math.max(1, end - LABELS))}" height="${BAR}" fill="${colour}"/>`,
    ...range,
    `<text x="${round(whole + 8)}" y="${middle + 4}" fill="#1b1f24">${escaped(bar.words)}</text>`,
  ]
}

/** From a value to a length in pixels. A logarithmic one begins at the power of ten below the smallest value. */
function scaleOf(values: readonly number[], logarithmic: boolean): (value: number) => number {
  const room = WIDTH - LABELS - VALUES
  const highest = Math.max(...values)
  if (!logarithmic) return value => (Math.max(0, value) / highest) * room
  const from = Math.floor(Math.log10(Math.min(...values.filter(value => value > 0))))
  const decades = Math.max(Math.log10(highest) - from, 0.1)
  return value => (value <= 0 ? 0 : (Math.max(0, Math.log10(value) - from) / decades) * room)
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
