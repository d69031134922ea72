import type { Client } from 'pg'
import type { QueryManifest } from '../../../../core/exercise.ts'
import type { PlanBudget } from '../../../../core/plan-budget.ts'
import type { Plan } from '../../../../core/plan.ts'
import { openDatasets } from '../../learner-session.ts'
import type { Failure, Killer } from '../../run-statement.ts'
import type { Connect } from '../../server.ts'
import { budgetSentence } from './budget-sentence.ts'
import { holdBudget, type Named } from './hold-budget.ts'
import { measure } from './measure.ts'
import type { Measured } from './read-plan.ts'
import { shownPlan } from './show-plan.ts'

/*
 * Holds a statement whose rows are right to the budget of its data set.
 *
 * It is carried out once more, in a session that it has never run in, after the one that it ran in has ended: no setting, lock or
 * random number is left by which it could tell that it is measured now. The functions by which it could read its own
 * text, or carry out SQL that its plan doesn't show, may not be called in such an exercise (prepare-query.ts). Should it
 * give another number of rows this time all the same, it did other work than was asked for.
 */
export type PreparedBudget = { budget: PlanBudget; named: Named; reference: Measured }

type Server = { connect: Connect; admin: Client; killer: Killer }
type Asked = { database: string; budget: PreparedBudget; text: string; rows: number }

/** The plan, with words on what it breaks; or how measuring ended otherwise. */
export async function gradePlan(
  server: Server,
  { database, budget: { budget, named, reference }, text, rows }: Asked,
  manifest: QueryManifest,
): Promise<{ plan: Plan; broken?: string | undefined } | Failure> {
  const [opened] = await openDatasets(server, [database], manifest)
  using session = opened!
  const measured = await measure(session.learner, text, manifest, server.killer)
  if ('type' in measured) return measured
  const demands = holdBudget(budget, named, measured, reference)
  const plan = shownPlan(measured, demands, named)
  const given = measured.nodes[0]!.rowsActual
  if (given !== rows)
    return { plan, broken: `The statement gave ${rows} rows, and ${given} when its plan was measured: both must be the same.` }
  return { plan, broken: budgetSentence(demands) }
}
