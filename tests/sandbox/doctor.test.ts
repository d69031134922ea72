import { beforeAll, describe, expect, test } from 'vitest'
import { judgeInside, probe } from '../../worker/sandbox/docker/doctor.ts'
import { ensureImages } from '../../worker/sandbox/docker/images.ts'
import { openDockerSandbox } from '../../worker/sandbox/docker/docker-sandbox.ts'
import { judgeOutside } from '../../worker/sandbox/docker/probe-outside.ts'

beforeAll(() => ensureImages({ log: () => {}, only: ['node'] }))

const hasGVisor = (await openDockerSandbox().facts()).runtimes.includes('runsc')

describe.each(['runc', 'runsc'] as const)('a probe box of %s', runtime => {
  const missing = runtime === 'runsc' && !hasGVisor
  test.skipIf(missing)(`proves every wall${missing ? ' (skipped: the engine has no runtime "runsc")' : ''}`, async () => {
    const findings = await probe({ runtime })
    expect(findings.filter(({ state }) => state !== 'ok')).toEqual([])
    expect(findings.map(({ check }) => check)).toEqual(
      expect.arrayContaining([
        'no new privileges',
        'system call filter',
        'capabilities',
        'memory limit',
        'process limit',
        'processor limit',
      ]),
    )
  })
})

/** What a probe finds where all walls stand. */
const ALL_WELL = {
  uid: '10007\t10007\t10007\t10007',
  noNewPrivileges: '1',
  seccomp: '2',
  capabilities: '0000000000000000',
  bounding: '0000000000000000',
  rootWrite: 'EROFS',
  memory: '201326592',
  swap: '0',
  pids: '128',
  cpu: { quota: '75000', period: '100000' },
  interfaces: ['lo'],
  work: 50331648,
  tmp: 50331648,
  init: 'tini',
  devices: [],
}

describe('a wall that is down is found', () => {
  test('and none where all stand', () => {
    expect(judgeInside(ALL_WELL, 'runc').filter(({ state }) => state !== 'ok')).toEqual([])
  })

  test.each([
    ['box user', { uid: '0\t0\t0\t0' }],
    ['box user', { uid: '10001\t10001\t10001\t10001' }],
    ['box user', { uid: undefined }],
    ['no new privileges', { noNewPrivileges: '0' }],
    ['system call filter', { seccomp: '0' }],
    ['capabilities', { capabilities: '00000000a80425fb' }],
    ['read-only root', { rootWrite: 'none' }],
    ['memory limit', { memory: 'max' }],
    ['memory and swap', { swap: 'max' }],
    ['memory and swap', { swap: undefined, memoryAndSwap: '402653184' }],
    ['process limit', { pids: 'max' }],
    ['processor limit', { cpu: { quota: '-1', period: '100000' } }],
    ['network interfaces', { interfaces: ['lo', 'eth0'] }],
    ['size of /work', { work: 12_000_000_000 }],
    ['init', { init: 'node' }],
  ])('%s: %o', (check, found) => {
    const failed = judgeInside({ ...ALL_WELL, ...found }, 'runc').filter(({ state }) => state !== 'ok')
    expect(failed).toEqual([expect.objectContaining({ check, state: 'fail', whatToDo: expect.any(String) })])
  })

  test('what gVisor does not show is a warning there, and a failure under runc', () => {
    const { memory: _, ...unseen } = ALL_WELL
    const states = (runtime: 'runc' | 'runsc') => judgeInside(unseen, runtime).find(({ check }) => check === 'memory limit')?.state
    expect([states('runc'), states('runsc')]).toEqual(['fail', 'warn'])
  })
})

describe('a wall of gVisor that is down is seen from outside', () => {
  const SPEC = { role: 'subject', image: 'node', runtime: 'runsc', memoryBytes: 192 * 1024 ** 2, processors: 0.75, grading: 'x' } as const
  const SEEN = { memory: 201326592, pids: 128, throttled: 3, seccomp: '2', hoarded: 160, outOfMemory: true }

  test('and none where all stand', () => {
    expect(judgeOutside(SEEN, SPEC).filter(({ state }) => state !== 'ok')).toEqual([])
  })

  test.each([
    ['memory limit', { memory: 2 ** 40 }],
    ['memory and swap', { hoarded: 384 }],
    ['memory and swap', { outOfMemory: false }],
    ['process limit', { pids: 0 }],
    ['processor limit', { throttled: 0 }],
    ["gVisor's own filter", { seccomp: '0' }],
  ])('%s: %o', (check, seen) => {
    const failed = judgeOutside({ ...SEEN, ...seen }, SPEC).filter(({ state }) => state !== 'ok')
    expect(failed).toEqual([expect.objectContaining({ check, state: 'fail', whatToDo: expect.any(String) })])
  })

  test('what can’t be seen is left to what was found inside', () => {
    expect(judgeOutside({}, SPEC)).toEqual([])
  })
})
