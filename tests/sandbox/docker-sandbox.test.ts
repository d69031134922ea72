import { beforeAll, describe } from 'vitest'
import { openDockerSandbox } from '../../worker/sandbox/docker/docker-sandbox.ts'
import { ensureImages } from '../../worker/sandbox/docker/images.ts'
import { remaining } from './remaining.ts'
import { sandboxContract } from './sandbox-contract.ts'

beforeAll(() => ensureImages({ log: () => {}, only: ['node'] }))

describe('the Docker sandbox', () => sandboxContract(openDockerSandbox(), remaining))
