import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { FileMap } from '../../core/submission.ts'
import type { GradingEvent } from '../../core/worker-api.ts'
import { readExercise } from '../../core/read-exercise.ts'
import { gradeLocally } from '../../worker/grade-local.ts'
import { openDockerSandbox } from '../../worker/sandbox/docker/docker-sandbox.ts'
import { ensureImages } from '../../worker/sandbox/docker/images.ts'
import { readAttacks, readBenign } from './attack.ts'

/*
 * The kernel counts some of its objects for each user, whichever box they are in (worker/sandbox/docker/box-users.ts). An attack
 * takes them all; honest work that needs the same ones, graded while it does, must not notice.
 */
const sandbox = openDockerSandbox({})
const exercise = (slug: string) => readExercise(join(import.meta.dirname, 'exercises', slug))
const attack = (await readAttacks()).filter(({ kind }) => kind === 'endpoint').find(({ number }) => number === 57)! as { files: FileMap }
const needing = ['file-watch', 'unix-sockets', 'cluster']
const honest = (await readBenign()).filter(({ name }) => needing.includes(name))

beforeAll(() => ensureImages({ log: () => {} }), 300_000)

test('who takes all kernel objects of its user takes none from others', { timeout: 120_000 }, async () => {
  const [greeting, chore] = await Promise.all([exercise('greeting'), exercise('chore')])
  const begun = Promise.withResolvers<void>()
  const onEvent = (event: GradingEvent) => void (event.type === 'progress' && event.phase === 'testing' && begun.resolve())
  const hoarding = gradeLocally({ sandbox, exercise: greeting, files: attack.files, onEvent })
  await begun.promise
  const reports = await Promise.all(honest.map(({ files }) => gradeLocally({ sandbox, exercise: chore, files, mode: 'run' })))
  expect(reports.map(({ outcome, tests }) => [outcome, ...tests.map(({ message }) => message)])).toEqual(
    needing.map(() => ['accepted', undefined]),
  )
  const { output } = await hoarding
  expect(output?.all).toMatch(/inotify \d+/)
  expect(output?.all).toMatch(/passed \d+/)
})
