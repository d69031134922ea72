/*
 * What the tests of an exercise import: `import { test, expect } from 'assay'`. Tests run in the examiner's box, which
 * reaches nothing but the learner's program and its database, through the fixtures that a test is given.
 */
import { register, type AuthoredFacts, type TestBody } from './authoring/registry.ts'
import { currentTest } from './authoring/test-context.ts'
import type { Random } from './authoring/seeded-random.ts'

/**
 * Adds a test. Call it at the top level of a file under tests/visible/ or tests/hidden/.
 *
 * `facts`: `id` (lower-case, unique in the exercise) and `task` (of exercise.yaml) must be there. `points`: by default 0 in a
 * visible file, 1 in a hidden one. `visibility`: by default that of the folder. `feedback`: what a learner is told when a hidden
 * test fails, by default its `category`. `hint`: shown after a failure. `timeLimitMs`: by default the exercise's limits.test.
 *
 * The test fails when `body` throws or rejects, when an assertion on a promise was not awaited, and when its time is over.
 */
export function test(name: string, facts: AuthoredFacts, body: TestBody): void {
  register(name, facts, body)
}

/** Random data, the same for the same grading's seed and test, so that nothing can be hard-coded. Use it inside a test. */
export const random: Random = new Proxy({} as Random, {
  get(_, key) {
    const context = currentTest()
    if (!context) throw new Error('random can be used inside a test only, where it is tied to the grading and the test')
    return Reflect.get(context.random, key)
  },
})

export { expect } from './authoring/expect.ts'
export { fc } from './authoring/fast-check.ts'
export { probes } from './endpoint/probes/probes.ts'
export { race, rounds, statusCounts } from './authoring/race.ts'
export type { AuthoredFacts, TestBody } from './authoring/registry.ts'
export type { Db, Fixtures, Held, Log, Row } from './authoring/fixtures.ts'
export type { Http, RawAnswer, RequestOptions, Response, SlowRequest } from './authoring/http.ts'
export type { Pace, PaceHttp, PaceOptions } from './authoring/pace.ts'
export type { Program, ProgramStop } from './authoring/program.ts'
export type { HeldLock, LockMode } from '../core/locks.ts'
export type { Contract, HoldsOptions } from './authoring/contract.ts'
export type { Ask, SendValue, SignIn } from './endpoint/probes/requests.ts'
export type { Migration } from './sql/migration/migration-fixture.ts'
export type { KeptOptions } from './sql/migration/row-account.ts'
export type { Traffic, TrafficOptions, TrafficStatement } from './sql/migration/traffic-fixture.ts'
