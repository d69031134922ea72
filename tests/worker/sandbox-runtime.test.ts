import { describe, expect, test } from 'vitest'
import { manifestSchema } from '../../core/exercise.ts'
import { SANDBOX_RUNTIMES, type SandboxRuntime } from '../../core/sandbox-runtime.ts'
import { gradeLocally } from '../../worker/grade-local.ts'
import { subjectRuntime } from '../../worker/grading/sandbox-runtime.ts'
import { openDockerSandbox } from '../../worker/sandbox/docker/docker-sandbox.ts'
import { greeter, greeterServer } from '../support/greeter.ts'

describe('what a program runs in', () => {
  test.each<[SandboxRuntime, SandboxRuntime | undefined, SandboxRuntime]>([
    ['runc', undefined, 'runc'],
    ['runc', 'runc', 'runc'],
    ['runc', 'runsc', 'runsc'],
    ['runsc', undefined, 'runsc'],
    ['runsc', 'runc', 'runsc'],
    ['runsc', 'runsc', 'runsc'],
  ])('the worker says %s, the exercise %s → %s', (sandboxRuntime, sandbox, runtime) => {
    expect(subjectRuntime({ bundle: greeter({ sandbox }), sandboxRuntime })).toBe(runtime)
  })

  test.each(['query', 'migration'] as const)('a %s has no program of the learner’s: runc, whatever the worker says', kind => {
    const common = { title: 'x', difficulty: 'easy', tasks: [{ id: 'x', title: 'X' }], limits: {} }
    const datasets = ['a', 'b'].map(id => ({ id, name: id, task: 'x', file: `datasets/${id}.sql` }))
    const manifest = manifestSchema.parse({ kind, ...common, ...(kind === 'query' && { datasets }) })
    expect(subjectRuntime({ bundle: { ...greeter(), manifest }, sandboxRuntime: 'runsc' })).toBe('runc')
    expect(manifestSchema.safeParse({ ...manifest, sandbox: 'runsc' }).success).toBe(false)
  })
})

describe('an engine without gVisor', () => {
  const docker = openDockerSandbox()
  const opened: string[] = []
  const without = {
    open: (...[spec, signal]: Parameters<typeof docker.open>) => {
      if (spec.role === 'subject') opened.push(spec.runtime)
      return docker.open(spec, signal)
    },
    facts: async () => ({ ...(await docker.facts()), runtimes: ['io.containerd.runc.v2', 'runc'] }),
    reap: () => docker.reap(),
  }

  test.each([
    ['the exercise asks for it', 'runc', 'runsc', /The exercise greeter asks for the sandbox "runsc".*npx assay engine gvisor/],
    ['the worker does', 'runsc', undefined, /ASSAY_RUNTIME asks for the sandbox "runsc".*npx assay engine gvisor/],
  ] as const)('%s → grader_error with what to do, and no program starts', async (_, sandboxRuntime, sandbox, message) => {
    const report = await gradeLocally({
      sandbox: without,
      sandboxRuntime,
      exercise: { bundle: greeter({ sandbox }) },
      files: greeterServer(),
    })
    expect(report).toMatchObject({
      outcome: 'grader_error',
      fault: 'grader',
      images: {},
      reason: { code: 'RUNTIME_MISSING', message: expect.stringMatching(message) },
    })
    expect(opened).toEqual([])
  })
})

test('the runtimes stand in the order of their strength', () => {
  expect(SANDBOX_RUNTIMES).toEqual(['runc', 'runsc'])
})
