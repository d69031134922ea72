import { join } from 'node:path'
import type { Finding } from '../../core/errors.ts'
import type { Exercise } from '../../core/read-exercise.ts'
import type { Report } from '../../core/report.ts'
import type { Pace } from '../../core/pace.ts'

/** By test what a grading found of its pace, in the order in which the test compared. */
export type Paces = Record<string, Pace['verdict'][]>

export function pacesOf({ tests }: Pick<Report, 'tests'>): Paces {
  return Object.fromEntries(tests.flatMap(({ id, paces }) => (paces ? [[id, paces.map(({ verdict }) => verdict)]] : [])))
}

/**
 * That every pace is proven: for each test that compares, an accepted sample keeps it in every round (the reference itself is one), and
 * for each of its comparisons one labelled wrong_answer gives the right answers and fails by it. And that a reference is named for a reason.
 */
export function checkPaces(
  { folder, manifest }: Pick<Exercise, 'folder' | 'manifest'>,
  graded: readonly { expected: string; paces: Paces }[],
): Finding[] {
  if (manifest.kind !== 'endpoint' || manifest.reference === undefined) return []
  const finding = (message: string): Finding => ({ file: join(folder, 'exercise.yaml'), field: 'reference', message })
  /** Of each test the comparisons that a program got to which was quick enough for those before. */
  const most = new Map<string, number>()
  for (const [id, verdicts] of graded.flatMap(({ paces }) => Object.entries(paces)))
    most.set(id, Math.max(most.get(id) ?? 0, verdicts.length))
  if (most.size === 0)
    return [finding('no test compares a program with it, which costs each grading its boxes; use pace.compare, or leave it out')]
  const some = (label: string, id: string, holds: (verdicts: Pace['verdict'][]) => boolean) =>
    graded.some(({ expected, paces }) => expected === label && paces[id] !== undefined && holds(paces[id]))
  return [...most]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([id, comparisons]) => [
      ...(some('accepted', id, verdicts => verdicts.every(verdict => verdict === 'within'))
        ? []
        : [finding(`no accepted sample keeps the pace of test "${id}" in every round; allow a larger factor, or measure more work`)]),
      ...Array.from({ length: comparisons }, (_, nth) => nth)
        .filter(nth => !some('wrong_answer', id, verdicts => verdicts[nth] === 'beyond'))
        .map(nth => {
          const which = comparisons > 1 ? ` in its comparison ${nth + 1}` : ''
          return finding(
            `no sample in wrong_answer/ fails test "${id}" by its pace${which}; add one that gives the right answers and is too slow`,
          )
        }),
    ])
}
