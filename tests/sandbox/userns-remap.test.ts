import { readFileSync } from 'node:fs'
import Docker from 'dockerode'
import { expect, test } from 'vitest'
import { gradeLocally } from '../../worker/grade-local.ts'
import { BOX_USER, LAST_BOX_USER } from '../../worker/sandbox/docker/box-users.ts'
import { openDockerSandbox } from '../../worker/sandbox/docker/docker-sandbox.ts'
import { probe } from '../../worker/sandbox/docker/doctor.ts'
import { connectEngine, engineFacts } from '../../worker/sandbox/docker/engine.ts'
import { ensureImages, imageRefs } from '../../worker/sandbox/docker/images.ts'
import { FIRST_REMAPPED, TestEngine } from '../support/engine.ts'
import { greeter, greeterServer } from '../support/greeter.ts'
import { listening, openProgram } from './open-program.ts'

/** What docs/operators/rootless.md says of an engine with userns-remap. */
test.skipIf(TestEngine.unavailable())(
  'with userns-remap the walls stand, submissions are graded, and a box is nobody on the host',
  async () => {
    await ensureImages({ log: () => {}, only: ['node', 'examiner'] })
    const { architecture } = await engineFacts(connectEngine())
    const { node, examiner } = await imageRefs(architecture)
    await using engine = await TestEngine.open([node, examiner], { remapped: true })
    const { dockerHost } = engine
    const sandbox = openDockerSandbox({ dockerHost })

    const report = await gradeLocally({ sandbox, exercise: { bundle: greeter() }, files: greeterServer(), seed: 4711 })
    expect(report).toMatchObject({ outcome: 'accepted' })

    await using running = await openProgram(sandbox, listening(''))
    const { State } = await new Docker({ socketPath: dockerHost.slice('unix://'.length) }).getContainer(running.box.id).inspect()
    const user = Number(/^Uid:\t(\d+)/m.exec(readFileSync(`/proc/${State.Pid}/status`, 'utf8'))?.[1])
    expect(user).toBeGreaterThan(FIRST_REMAPPED + BOX_USER)
    expect(user).toBeLessThanOrEqual(FIRST_REMAPPED + LAST_BOX_USER)

    const walls = await probe({ dockerHost }).then(findings =>
      findings.filter(({ check }) => !['engine', 'engine version', 'runc', 'containerd'].includes(check)),
    )
    expect(walls.filter(({ state }) => state === 'fail')).toEqual([])
    expect(walls.length).toBeGreaterThan(10)
  },
)
