import { beforeAll, describe, expect, test } from 'vitest'
import { openDockerSandbox } from '../../../worker/sandbox/docker/docker-sandbox.ts'
import { ensureImages } from '../../../worker/sandbox/docker/images.ts'
import { PROGRAMS } from './programs.ts'
import { runBoth, type Run } from './run-both.ts'

/*
 * A program that waited does what it would have done from a plain start: the same output, the same errors word for word, the same end.
 */
beforeAll(() => ensureImages({ log: () => {}, only: ['node'] }))

const sandbox = openDockerSandbox()
const { runtimes } = await sandbox.facts()

describe.each(['runc', 'runsc'] as const)('on %s', runtime => {
  test.skipIf(!runtimes.includes(runtime)).each(Object.entries(PROGRAMS))('%s', async (_, program) => {
    const { plain, warm } = await runBoth(sandbox, runtime, program)
    expect(withoutClock(warm)).toEqual(withoutClock(plain))
    // A program of which nothing is seen proves nothing.
    expect(plain.out + plain.err + plain.answers.join('') + JSON.stringify(plain.exit ?? {})).not.toBe('{"code":0,"signal":null}')
  })
})

/** Times of day and process numbers, which differ between two plain starts, too. */
function withoutClock(run: Run): Run {
  const text = (given: string) =>
    given
      .replace(/^Date: .*$/gim, 'Date')
      .replace(/\(node:\d+\)/g, '(node)')
      .replace(/\+\d+ms/g, '')
  return { ...run, out: text(run.out), err: text(run.err), answers: run.answers.map(text) }
}
