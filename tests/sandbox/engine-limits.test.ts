import { once } from 'node:events'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { admitEngine } from '../../worker/sandbox/docker/admit-engine.ts'
import { connectEngine } from '../../worker/sandbox/docker/engine.ts'
import { missingLimits, requireLimits, type LimitFacts } from '../../worker/sandbox/docker/engine-limits.ts'
import { tempFolder } from '../support/temp-folder.ts'

/** As Docker Engine 20.10 tells them. */
const ALL = { MemoryLimit: true, SwapLimit: true, PidsLimit: true, CpuCfsQuota: true }
const ROOTLESS_ON_CGROUP_V1 = { MemoryLimit: false, SwapLimit: false, PidsLimit: false, CpuCfsQuota: false }

test.each<[string, LimitFacts, string[]]>([
  ['an engine with control groups', ALL, []],
  ['a rootless engine on a host with cgroup v1', ROOTLESS_ON_CGROUP_V1, ['memory', 'swap', 'processes', 'processor time']],
  ['a host without swap accounting', { ...ALL, SwapLimit: false }, ['swap']],
  ['an engine that does not say', {}, []],
])('%s', (_, info, missing) => expect(missingLimits(info)).toEqual(missing))

test('neither a box nor a worker starts with an engine that would leave it without limits', async () => {
  using folder = tempFolder()
  const socket = join(folder.path, 'engine.sock')
  const told = { ...ROOTLESS_ON_CGROUP_V1, Components: [], Runtimes: { runc: {} } }
  await using server = createServer((_, response) => response.end(JSON.stringify(told)))
  server.listen(socket)
  await once(server, 'listening')
  const refusal = { code: 'LIMITS_NOT_APPLIED', message: expect.stringMatching(/memory, swap, processes, processor time.*rootless\.md/) }
  const dockerHost = `unix://${socket}`
  await expect(requireLimits(connectEngine({ dockerHost }))).rejects.toMatchObject(refusal)
  await expect(admitEngine({ dockerHost, runtime: 'runc', acceptOld: true })).rejects.toMatchObject(refusal)
})
