import { DESIGNS } from './design.ts'
import { plotSvg, type Bar, type Group } from './measure/svg.ts'
import { digits, milliseconds } from './measure/words.ts'
import { best, type Results } from './results.ts'
import { DESIGN_WORDS } from './tables.ts'

/** bench/results.svg: latency, and submissions a minute, side by side for each case. */
export function resultPlot({ cases, machine, takenAt }: Results): string {
  const latency = cases.map(({ title, latency: found }): Group => {
    const bars = DESIGNS.flatMap((name): Bar[] => {
      const spread = found[name]
      if (!spread) return []
      return [
        {
          label: DESIGN_WORDS[name],
          value: spread.p50,
          words: milliseconds(spread.p50),
          low: spread.p25,
          high: spread.p95,
          series: DESIGNS.indexOf(name),
        },
      ]
    })
    return { label: title, bars }
  })
  const throughput = cases.map(({ title, saturation }): Group => {
    const bars = DESIGNS.flatMap((name): Bar[] => {
      const run = best(saturation[name])
      return run ? [{ label: DESIGN_WORDS[name], value: run.perMinute, words: digits(run.perMinute), series: DESIGNS.indexOf(name) }] : []
    })
    return { label: title, bars }
  })
  const plots = [
    {
      title: 'From the submission to its verdict, one at a time',
      axis: 'milliseconds, median; the line goes from the lower quartile to the 95th percentile',
      groups: latency.filter(({ bars }) => bars.length > 0),
      logarithmic: true,
    },
    {
      title: 'Submissions a minute, as many in flight as does most',
      axis: 'submissions a minute',
      groups: throughput.filter(({ bars }) => bars.length > 0),
      logarithmic: true,
    },
  ].filter(({ groups }) => groups.length > 0)
  const described = plots.map(plot => ({ ...plot, description: inWords(plot.title, plot.groups) }))
  return plotSvg(described, {
    title: 'Assay beside bare processes and a naive container grader',
    description: `Measured on ${machine.cores} cores on ${takenAt.slice(0, 10)}.`,
  })
}

function inWords(title: string, groups: readonly Group[]): string {
  const words = groups.map(({ label, bars }) => `${label}: ${bars.map(bar => `${bar.label} ${bar.words}`).join(', ')}`)
  return `${title}. ${words.join('. ')}.`
}
