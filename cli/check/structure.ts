import { join } from 'node:path'
import type { Finding } from '../../core/errors.ts'
import type { Exercise } from '../../core/read-exercise.ts'
import type { Sample } from '../../core/read-samples.ts'
import { runtimesOf } from '../../core/runtimes.ts'
import type { TestFact } from '../../core/tests-list.ts'

export const LEAST_ACCEPTED = 2
export const LEAST_WRONG = 1

/**
 * What can be told of an exercise without running a submission, once its tests are collected: that they and the samples
 * agree with exercise.yaml and with each other. (What its files say by themselves, core/read-exercise.ts has found already.)
 */
export function checkStructure(
  { folder, manifest }: Pick<Exercise, 'folder' | 'manifest'>,
  tests: readonly TestFact[],
  samples: readonly Sample[],
): Finding[] {
  const inManifest = (field: string, message: string): Finding => ({ file: join(folder, 'exercise.yaml'), field, message })
  const ofTest = (test: TestFact, message: string): Finding => ({ file: join(folder, test.file), field: test.id, message })
  const findings: Finding[] = []

  const taskIds = manifest.tasks.map(task => task.id)
  const seen = new Map<string, TestFact>()
  for (const test of tests) {
    const twin = seen.get(test.id)
    if (twin) findings.push(ofTest(test, `the id stands twice; the other test with it is "${twin.name}" in ${join(folder, twin.file)}`))
    else if ([...seen.values()].some(other => other.name === test.name && other.task === test.task))
      findings.push(ofTest(test, `another test of this task has the same name, "${test.name}"; learners could not tell them apart`))
    seen.set(test.id, test)
    if (!taskIds.includes(test.task))
      findings.push(ofTest(test, `expected a task of exercise.yaml (${taskIds.join(', ')}), got "${test.task}"`))
    if (test.visibility === 'visible' && !test.hint)
      findings.push(ofTest(test, 'a visible test needs a hint: what should a learner look at when it fails?'))
    if (test.timeLimitMs > manifest.limits.total)
      findings.push(
        ofTest(test, `its time limit (${test.timeLimitMs} ms) is longer than that of all tests together (${manifest.limits.total} ms)`),
      )
  }

  manifest.tasks.forEach(({ id, title }, index) => {
    const own = tests.filter(test => test.task === id)
    if (own.length === 0) findings.push(inManifest(`tasks.${index}`, `no test belongs to "${title}"`))
    else if (!own.some(test => test.visibility !== 'visible'))
      findings.push(inManifest(`tasks.${index}`, `"${title}" has no hidden test; it could be passed by what its visible tests show`))
    else if (own.every(test => test.points === 0))
      findings.push(inManifest(`tasks.${index}`, `"${title}" can earn no points; put some on its tests`))
  })
  if (tests.length === 0) findings.push({ file: folder, message: 'has no tests' })
  else if (tests.every(test => test.points === 0))
    findings.push({ file: folder, message: 'its tests give no points in all; put some on the hidden ones' })

  return [...findings, ...checkSamples(folder, manifest, tests, samples)]
}

function checkSamples(folder: string, manifest: Exercise['manifest'], tests: readonly TestFact[], samples: readonly Sample[]): Finding[] {
  const findings: Finding[] = []
  const accepted = samples.filter(sample => sample.outcome === 'accepted')
  const top = join(folder, 'submissions')
  if (accepted.length < LEAST_ACCEPTED)
    findings.push({
      file: join(top, 'accepted'),
      message: `expected at least ${LEAST_ACCEPTED} accepted samples, written differently, got ${accepted.length}`,
    })
  if (samples.length - accepted.length < LEAST_WRONG)
    findings.push({
      file: top,
      message: `expected at least ${LEAST_WRONG} sample that must not be accepted (in wrong_answer/, say), got none`,
    })

  const possible = tests.reduce((sum, test) => sum + test.points, 0)
  const ids = new Set(tests.map(test => test.id))
  const runtimes = runtimesOf(manifest)
  for (const { outcome, folder: own, expects } of samples) {
    const inSample = (field: string, message: string): Finding => ({ file: join(own, 'sample.yaml'), field, message })
    if (outcome === 'grader_error' || outcome === 'cancelled')
      findings.push({ file: own, message: `no sample can be labelled ${outcome}: that is never a submission's own doing` })
    const unknown = (expects.fails ?? []).filter(id => !ids.has(id))
    if (unknown.length > 0) findings.push(inSample('fails', `there is no test ${unknown.map(id => `"${id}"`).join(', ')}`))
    if (outcome === 'accepted' && expects.fails?.length) findings.push(inSample('fails', 'an accepted sample fails no test'))
    if (outcome === 'accepted' && expects.racy) findings.push(inSample('racy', 'an accepted sample is right whatever requests meet'))
    if (outcome === 'wrong_answer' && expects.fails?.length === 0)
      findings.push(inSample('fails', 'a wrong answer fails at least one test'))
    if (expects.score !== undefined && expects.score > possible)
      findings.push(inSample('score', `expected at most ${possible}, the points of all tests, got ${expects.score}`))
    if (expects.runtime && !runtimes.includes(expects.runtime))
      findings.push(inSample('runtime', `expected one of the exercise's (${runtimes.join(', ')}), got "${expects.runtime}"`))
  }
  return findings
}
