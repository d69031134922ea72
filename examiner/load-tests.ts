import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { InvalidInput, type Finding } from '../core/errors.ts'
import type { TestFact, Visibility } from '../core/tests-list.ts'
import { collectRegistered, type AuthoredTest, type FactsCheck, type TestBody } from './authoring/registry.ts'
import { describeError } from './describe-error.ts'
import type { Laid } from './kind.ts'

export type LoadedTest = { fact: TestFact; body: TestBody }

/** A file that does more than say what its tests are may wait for something that never comes. */
const LOADING_MS = 10_000

/** The facts of all tests, in the order in which they stand. Throws InvalidInput naming each file that can't be used and why. */
export async function collectTests(exercise: Laid): Promise<TestFact[]> {
  const { checkFacts } = await import('./authoring/authored-facts.ts')
  return [...(await importTests(exercise, checkFacts)).values()].map(({ fact }) => fact)
}

/** The tests by id, for a grading: what is said of them was found good when they were collected, and is not checked again. */
export function loadTests(exercise: Laid): Promise<Map<string, LoadedTest>> {
  return importTests(exercise, () => {})
}

/** Imports the exercise's test files, visible ones first, without running a test. */
async function importTests(exercise: Laid, check: FactsCheck): Promise<Map<string, LoadedTest>> {
  const loaded: LoadedTest[] = []
  const findings: Finding[] = []
  const files = testFiles(Object.keys(exercise.files))
  if (files.length === 0)
    findings.push({ file: 'tests', message: 'expected at least one file named *.test.ts in tests/visible/ or tests/hidden/, got none' })
  for (const file of files) {
    try {
      const tests = await collectRegistered(() => importInTime(join(exercise.folder, file)), check)
      if (tests.length === 0) findings.push({ file, message: 'has no test; call test(…) at its top level' })
      loaded.push(...tests.map(test => ({ fact: factOf(test, file, exercise), body: test.body })))
    } catch (error) {
      findings.push({ file, message: describeError(error, exercise.folder) })
    }
  }
  findings.push(...faultsOf(loaded, exercise))
  if (findings.length > 0) throw new InvalidInput(findings)
  return new Map(loaded.map(test => [test.fact.id, test]))
}

function testFiles(paths: string[]): string[] {
  const below = (folder: string) => paths.filter(path => path.startsWith(`tests/${folder}/`) && path.endsWith('.test.ts')).sort()
  return [...below('visible'), ...below('hidden')]
}

async function importInTime(path: string): Promise<void> {
  const tooLong = Promise.withResolvers<never>()
  const timer = setTimeout(() => tooLong.reject(new Error(`did not finish loading within ${LOADING_MS / 1000} s`)), LOADING_MS)
  try {
    await Promise.race([import(pathToFileURL(path).href), tooLong.promise])
  } finally {
    clearTimeout(timer)
  }
}

function factOf({ name, facts }: AuthoredTest, file: string, { manifest }: Laid): TestFact {
  const visibility: Visibility = facts.visibility ?? (file.startsWith('tests/visible/') ? 'visible' : 'hidden')
  return {
    ...facts,
    name,
    file,
    visibility,
    points: facts.points ?? (visibility === 'visible' ? 0 : 1),
    feedback: facts.feedback ?? 'category',
    timeLimitMs: facts.timeLimitMs ?? manifest.limits.test,
  }
}

function faultsOf(loaded: readonly LoadedTest[], { manifest }: Laid): Finding[] {
  const tasks = manifest.tasks.map(task => task.id)
  const seen = new Map<string, string>()
  const findings: Finding[] = []
  for (const { fact } of loaded) {
    const { id, file, task, visibility } = fact
    const before = seen.get(id)
    if (before !== undefined) findings.push({ file, message: `the id "${id}" stands in ${before} already` })
    seen.set(id, file)
    // Visible files run first, and a learner sees the program's log up to the first hidden request: one kind a file.
    if (file.startsWith('tests/visible/') !== (visibility === 'visible')) {
      findings.push({
        file,
        message: `test "${id}": a test with visibility "${visibility}" belongs in tests/${visibility === 'visible' ? 'visible' : 'hidden'}/`,
      })
    }
    if (!tasks.includes(task)) findings.push({ file, message: `test "${id}": expected a task of ${tasks.join(', ')}, got "${task}"` })
  }
  if (loaded.length > 500) findings.push({ file: 'tests', message: `expected at most 500 tests, got ${loaded.length}` })
  return findings
}
