import Docker from 'dockerode'
import { beforeAll, describe } from 'vitest'
import { openDockerSandbox } from '../../worker/sandbox/docker/docker-sandbox.ts'
import { ensureImages } from '../../worker/sandbox/docker/images.ts'
import { sandboxContract } from './sandbox-contract.ts'

beforeAll(() => ensureImages({ log: () => {}, only: ['node'] }))

async function remaining(grading: string): Promise<string[]> {
  const found = await new Docker().listContainers({ all: true, filters: JSON.stringify({ label: [`assay.grading=${grading}`] }) })
  return found.map(({ Id }) => Id)
}

describe('the Docker sandbox', () => sandboxContract(openDockerSandbox(), remaining))
