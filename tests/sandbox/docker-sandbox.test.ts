import { beforeAll, describe, test } from 'vitest'
import { openDockerSandbox } from '../../worker/sandbox/docker/docker-sandbox.ts'
import { ensureImages } from '../../worker/sandbox/docker/images.ts'
import type { Sandbox } from '../../worker/sandbox/sandbox.ts'
import { remaining } from './remaining.ts'
import { sandboxContract } from './sandbox-contract.ts'

beforeAll(() => ensureImages({ log: () => {}, only: ['node'] }))

const sandbox = openDockerSandbox()

describe('the Docker sandbox', () => sandboxContract(sandbox, remaining))

if ((await sandbox.facts()).runtimes.includes('runsc')) {
  const inGVisor: Sandbox = {
    open: (spec, signal) => sandbox.open({ ...spec, runtime: 'runsc' }, signal),
    facts: () => sandbox.facts(),
    reap: () => sandbox.reap(),
  }
  describe('the Docker sandbox with gVisor', () => sandboxContract(inGVisor, remaining))
} else {
  test.skip('the Docker sandbox with gVisor: the engine has no runtime "runsc"', () => {})
}
