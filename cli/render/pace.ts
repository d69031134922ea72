import type { Pace } from '../../core/pace.ts'
import { table, wrap, type Style } from './layout.ts'

/** What a comparison with the reference came to: a sentence that says what it means, and its rounds. */
export function paceLines(paces: readonly Pace[], style: Style, indent: string): string[] {
  return paces.flatMap(pace => [
    ...wrap(meaning(pace), style, indent, '  '),
    ...table(
      [
        { title: 'Round', align: 'right' },
        { title: 'Reference', align: 'right' },
        { title: 'Program', align: 'right' },
        { title: 'Times as slow', align: 'right', paint: (shown, cell) => (Number(cell) > pace.factor ? style.colours.red(shown) : shown) },
      ],
      pace.rounds.map(({ reference, subject, ratio }, at) => [
        String(at + 1),
        figure(reference, pace),
        figure(subject, pace),
        ratio.toFixed(ratio < 10 ? 1 : 0),
      ]),
      style,
      { indent },
    ),
  ])
}

function meaning({ verdict, factor, of, atOnce, rounds }: Pace): string {
  const measured = of === 'latency' ? 'Time of a request, the lower quartile of a round' : `Requests a second, ${atOnce} at a time`
  const beyond = rounds.filter(({ ratio }) => ratio > factor).length
  if (verdict === 'within') return `${measured}: in every round at most ${factor} times as slow as the reference.`
  if (verdict === 'beyond') return `${measured}: in every round more than ${factor} times as slow as the reference, which is too slow.`
  return `${measured}: inconclusive. In ${beyond} of ${rounds.length} rounds more than ${factor} times as slow as the reference, in the others not; that is not enough to fail.`
}

function figure(value: number, { of }: Pace): string {
  const shown = value.toFixed(value < 10 ? 1 : 0)
  return of === 'latency' ? `${shown} ms` : `${shown}/s`
}
