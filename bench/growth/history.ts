import type { Outcome } from '../../core/outcome.ts'
import type { GradingReason, Mode, SubmissionState } from '../../core/submission.ts'
import { createIds } from '../../server/store/ids.ts'
import type { GradingState } from '../../server/store/store.ts'
import { createChance } from './chance.ts'

/*
 * The history of a school that has used Assay for three years: 5,000 owners in 40 groups on 60 exercises, each of which
 * was edited now and then. Nearly all of it is over; the newest submissions wait, are dispatched or run. As retention
 * leaves it, only the newest part still has its files and events.
 */
export const OWNERS = 5_000
export const GROUPS = 40
const YEARS = 3
const DAY_MS = 24 * 60 * 60 * 1000
/** One of the owners is a script that hands in all night. */
export const SCRIPT = 7
const SCRIPT_SHARE = 0.02
const RUNNING = 6
const DISPATCHED = 8

const OUTCOMES: Record<Outcome, number> = {
  accepted: 380,
  wrong_answer: 350,
  runtime_error: 80,
  start_error: 60,
  time_limit: 40,
  invalid_submission: 40,
  memory_limit: 12,
  output_limit: 6,
  cancelled: 30,
  grader_error: 0.5,
}

export type PastGrading = {
  id: string
  reason: GradingReason
  round: number
  /** Of the exercise's versions, oldest first. */
  version: number
  state: GradingState
  outcome: Outcome | null
  createdAt: string
  startedAt: string | null
  finishedAt: string | null
}

export type Past = {
  id: string
  owner: string
  group: string
  exercise: number
  mode: Mode
  state: SubmissionState
  outcome: Outcome | null
  key: string | null
  createdAt: string
  finishedAt: string | null
  /** Old enough that its files and events are gone. */
  pruned: boolean
  gradings: PastGrading[]
}

export type Shape = {
  submissions: number
  unfinished: number
  /** The share, newest first, that retention has left whole. */
  whole: number
  exercises: number
  versions: number
  seed: number
  now: Date
}

export function ownerName(index: number): string {
  return `learner-${String(index).padStart(4, '0')}@school.example`
}

export function groupOf(owner: number): string {
  return `course-${String(owner % GROUPS).padStart(2, '0')}`
}

/** All submissions, oldest first. */
export function* history({ submissions, unfinished, whole, exercises, versions, seed, now }: Shape): Generator<Past> {
  const chance = createChance(seed)
  const start = now.getTime() - YEARS * 365 * DAY_MS
  let clock = start
  const newId = createIds(() => new Date(clock))
  for (let index = 0; index < submissions; index++) {
    const left = submissions - index
    // The waiting ones came in the last minutes, as before a deadline.
    clock =
      left <= unfinished ? now.getTime() - left * 40 : start + Math.floor(((now.getTime() - DAY_MS / 24 - start) * index) / submissions)
    const owner = chance.next() < SCRIPT_SHARE ? SCRIPT : chance.below(OWNERS)
    const at = (ms: number) => new Date(clock + ms).toISOString()
    const over = left > unfinished
    const outcome = over ? chance.weighted(OUTCOMES) : null
    const grading = (given: Partial<PastGrading>): PastGrading => ({
      id: newId('grd'),
      reason: 'first',
      round: 1,
      version: Math.floor((versions * index) / submissions),
      state: 'finished',
      outcome,
      createdAt: at(0),
      startedAt: at(400),
      finishedAt: at(1400 + chance.below(2000)),
      ...given,
    })
    const id = newId('sub')
    const gradings: PastGrading[] = []
    if (!over) {
      const state = left <= RUNNING ? 'running' : left <= RUNNING + DISPATCHED ? 'dispatched' : 'waiting'
      gradings.push(grading({ state, outcome: null, startedAt: state === 'running' ? at(400) : null, finishedAt: null }))
    } else if (outcome === 'grader_error' || chance.next() < 0.01) {
      gradings.push(grading({ outcome: 'grader_error' }), grading({ reason: 'retry' }))
    } else {
      gradings.push(grading({}))
      if (chance.next() < 0.02) gradings.push(grading({ reason: 'regrade', round: 2 }))
    }
    yield {
      id,
      owner: ownerName(owner),
      group: groupOf(owner),
      exercise: chance.skewed(exercises),
      mode: chance.next() < 0.4 ? 'run' : 'submit',
      state: over ? (outcome === 'cancelled' ? 'cancelled' : 'finished') : gradings[0]!.state === 'running' ? 'running' : 'queued',
      outcome,
      key: chance.next() < 0.3 ? `key-${index}` : null,
      createdAt: at(0),
      finishedAt: gradings.at(-1)!.finishedAt,
      pruned: over && index < submissions * (1 - whole),
      gradings,
    }
  }
}
