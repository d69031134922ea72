import { join } from 'node:path'
import type { Finding } from '../../core/errors.ts'
import type { Exercise } from '../../core/read-exercise.ts'
import type { Report } from '../../core/report.ts'

/** By data set what a grading found of its budget: whether all of it was kept, and what the reference itself doesn't keep. */
export type Budgets = Record<string, { kept: boolean; waived: string[] }>

/** Empty where the exercise has no budgets, or no data set was answered rightly. */
export function budgetsOf({ tests }: Pick<Report, 'tests'>): Budgets {
  return Object.fromEntries(
    tests.flatMap(({ id, status, plan }) => {
      if (!plan) return []
      const waived = plan.demands
        .filter(({ verdict }) => verdict === 'waived')
        .map(({ demand, of }) => [demand, of].filter(Boolean).join(' '))
      return [[id, { kept: status === 'passed', waived }]]
    }),
  )
}

/**
 * That every budget is proven: on each data set that has one, a sample labelled wrong_answer gives the right rows and costs too
 * much. (That the accepted ones keep to it is held by their label.) And that the reference keeps to it: what it doesn't is asked of nobody.
 */
export function checkBudgets(
  { folder, manifest }: Pick<Exercise, 'folder' | 'manifest'>,
  graded: readonly { expected: string; budgets: Budgets }[],
): Finding[] {
  if (manifest.kind !== 'query') return []
  return manifest.datasets.flatMap(({ id, plan }, index): Finding[] => {
    if (!plan) return []
    const finding = (message: string): Finding => ({ file: join(folder, 'exercise.yaml'), field: `datasets.${index}.plan`, message })
    const broken = graded.some(({ expected, budgets }) => expected === 'wrong_answer' && budgets[id]?.kept === false)
    const waived = new Set(graded.flatMap(({ budgets }) => budgets[id]?.waived ?? []))
    return [
      ...(broken
        ? []
        : [finding('no sample in wrong_answer/ fails here by its plan; add one that gives the right rows and costs more than the budget')]),
      ...(waived.size > 0
        ? [finding(`the reference itself does not keep to it, so it was asked of nobody: ${[...waived].join(', ')}`)]
        : []),
    ]
  })
}
