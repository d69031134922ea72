import { quantile, spread } from '../measure/stats.ts'
import { table } from '../measure/table.ts'
import { digits, mebibytes, milliseconds, times } from '../measure/words.ts'
import type { Ended } from './gather.ts'
import { fairness, floodersOwn, latenciesOf, memoryOf, waits, type Line, type Rush } from './judge.ts'

type Both = { plain: Rush; flood: Rush; lines: readonly Line[] }

export function render({ plain, flood, lines }: Both): string {
  const rushes = { plain, flood }
  return [
    'Waits by group, in seconds; × is the flood’s p95 of an owner as a multiple of the same owner’s without it',
    groupTable(rushes),
    `Whoever flooded waits ${times(floodersOwn(plain, flood))} as long as without.`,
    'By kind',
    kindTable(rushes),
    'Outcomes',
    outcomeTable(rushes),
    'API while it ran, in milliseconds',
    latencyTable(rushes),
    'Memory',
    memoryTable(rushes),
    'Goals',
    goalTable(lines),
  ].join('\n\n')
}

function groupTable({ plain, flood }: { plain: Rush; flood: Rush }): string {
  const ratios = Map.groupBy(fairness(plain, flood), each => each.group)
  const rows = [...Map.groupBy(plain.ended, each => each.group)]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([group, own]) => {
      const others = flood.ended.filter(each => each.group === group && !each.flood)
      const own95 = (ratios.get(group) ?? []).map(each => each.ratio)
      return [
        group,
        String(new Set(own.map(each => each.owner)).size),
        String(own.length),
        ...waitCells(own),
        String(flood.ended.filter(each => each.group === group).length),
        ...waitCells(others),
        times(quantile(own95, 0.5)),
        times(quantile(own95, 0.95)),
        times(quantile(own95, 1)),
      ]
    })
  return table(['group', 'owners', 'plain', 'p50', 'p95', 'flood', 'p50', 'p95', '× median', '× p95', '× worst'], rows)
}

function kindTable(rushes: { plain: Rush; flood: Rush }): string {
  const rows = Object.entries(rushes).flatMap(([name, { ended }]) =>
    [...Map.groupBy(ended, each => each.kind)]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([kind, own]) => {
        const took = spread(
          own.flatMap(each => each.gradings.flatMap(one => (one.startedAt && one.finishedAt ? [one.finishedAt - one.startedAt] : []))),
        )
        return [kind, name, String(own.length), ...waitCells(own), milliseconds(took.p50), milliseconds(took.p95), milliseconds(took.max)]
      }),
  )
  return table(
    ['kind', 'rush', 'number', 'wait p50 s', 'p95 s', 'grading p50', 'p95', 'max'],
    rows.toSorted(([one], [other]) => (one! < other! ? -1 : 1)),
  )
}

function waitCells(ended: readonly Ended[]): [string, string] {
  const ms = waits(ended).map(each => each.waitMs)
  return [digits(quantile(ms, 0.5) / 1000), digits(quantile(ms, 0.95) / 1000)]
}

function outcomeTable({ plain, flood }: { plain: Rush; flood: Rush }): string {
  const count = (ended: readonly Ended[], outcome: string | null) => String(ended.filter(each => each.outcome === outcome).length)
  const outcomes = [...new Set([...plain.ended, ...flood.ended].map(each => each.outcome))]
  const rows = outcomes.map(outcome => [outcome ?? 'none yet', count(plain.ended, outcome), count(flood.ended, outcome)])
  return table(['outcome', 'plain', 'flood'], rows)
}

function latencyTable(rushes: { plain: Rush; flood: Rush }): string {
  const rows = Object.entries(rushes).flatMap(([name, rush]) =>
    Object.entries(latenciesOf(rush))
      .filter(([, { n }]) => n > 0)
      .map(([kind, { n, p50, p95, max }]) => [kind, name, String(n), digits(p50), digits(p95), digits(max)]),
  )
  return table(['request', 'rush', 'number', 'p50', 'p95', 'max'], rows)
}

function memoryTable(rushes: { plain: Rush; flood: Rush }): string {
  const rows = Object.entries(rushes).flatMap(([name, rush]) =>
    Object.entries(memoryOf(rush)).map(([process, grown]) => [
      process,
      name,
      mebibytes(grown.startBytes),
      mebibytes(grown.endBytes),
      mebibytes(grown.mostBytes),
      mebibytes(grown.slopeBytesPerMinute),
      mebibytes(grown.firstKeptBytes),
      mebibytes(grown.lastKeptBytes),
    ]),
  )
  return table(['process', 'rush', 'at start', 'at end', 'most', 'slope a minute', 'kept, first third', 'kept, last third'], rows)
}

function goalTable(lines: readonly Line[]): string {
  const words = (value: number, unit: Line['unit']) => {
    if (value === Infinity) return '–'
    if (unit === 'part') return `${digits(value * 100)} %`
    return unit === 'ratio' ? times(value) : unit === 'ms' ? milliseconds(value) : String(value)
  }
  const rows = lines.map(({ rush, what, came, most, unit, met }) => [
    what,
    rush,
    words(came, unit),
    most === Infinity ? '–' : `≤ ${words(most, unit)}`,
    most === Infinity ? '' : met ? 'met' : 'MISSED',
  ])
  return table(['what', 'rush', 'came', 'goal', ''], rows)
}
