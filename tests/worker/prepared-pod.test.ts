import Docker from 'dockerode'
import { expect, test } from 'vitest'
import { readExercise } from '../../core/read-exercise.ts'
import { preparePod } from '../../worker/pod/prepared-pod.ts'
import { openDockerSandbox } from '../../worker/sandbox/docker/docker-sandbox.ts'
import type { Box, Sandbox } from '../../worker/sandbox/sandbox.ts'

/* What goes wrong before a submission is near a pod is ours, and leaves no box behind. */
const engine = openDockerSandbox()

/** The engine; does something to each database box as soon as it is open, and remembers every box. */
function meddling(meddle: (database: Box) => Promise<unknown>) {
  const boxes: Box[] = []
  const sandbox: Sandbox = {
    facts: () => engine.facts(),
    reap: () => engine.reap(),
    open: async (...given) => {
      const box = await engine.open(...given)
      boxes.push(box)
      if (box.role === 'database') await meddle(box)
      return box
    },
  }
  return { sandbox, boxes }
}

test('a database that ends while the pod is made is ours', async () => {
  const exercise = await readExercise('exercises/free-nights')
  const { sandbox, boxes } = meddling(box => new Docker().getContainer(box.id).kill())
  const wanted = { sandbox, bundle: exercise.bundle, runtime: 'sql', subjectRuntime: 'runc', spares: 0, seed: 1 } as const
  await expect(preparePod(wanted, new AbortController().signal)).rejects.toMatchObject({ code: expect.stringMatching(/^DATABASE_/) })
  expect(boxes).toHaveLength(2)
  for (const box of boxes) await expect(new Docker().getContainer(box.id).inspect()).rejects.toMatchObject({ statusCode: 404 })
})

test('who stops waiting for a pod hears why, and no box is left', async () => {
  const exercise = await readExercise('exercises/free-nights')
  const stop = new AbortController()
  const { sandbox, boxes } = meddling(async () => stop.abort(new Error('cancelled')))
  const wanted = { sandbox, bundle: exercise.bundle, runtime: 'sql', subjectRuntime: 'runc', spares: 0, seed: 1 } as const
  await expect(preparePod(wanted, stop.signal)).rejects.toThrow('cancelled')
  for (const box of boxes) await expect(new Docker().getContainer(box.id).inspect()).rejects.toMatchObject({ statusCode: 404 })
})
