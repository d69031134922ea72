import { beforeAll, describe, expect, test } from 'vitest'
import { judgeInside, probe } from '../../worker/sandbox/docker/doctor.ts'
import { ensureImages } from '../../worker/sandbox/docker/images.ts'
import { isBelow } from '../../worker/sandbox/docker/version-floors.ts'

beforeAll(() => ensureImages({ log: () => {}, only: ['node'] }))

test('a probe box proves every wall from inside', async () => {
  const findings = await probe({})
  expect(findings.filter(({ state }) => state === 'fail')).toEqual([])
  const walls = findings.filter(({ check }) => !['runc', 'containerd'].includes(check))
  expect(walls.filter(({ state }) => state !== 'ok')).toEqual([])
  expect(walls.map(({ check }) => check)).toEqual(
    expect.arrayContaining(['no new privileges', 'system call filter', 'capabilities', 'memory limit', 'process limit', 'processor limit']),
  )
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
  init: 'docker-init',
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

test.each([
  ['1.1.5+ds1', '1.2.8', true],
  ['1.2.8', '1.2.8', false],
  ['1.10.0', '1.2.8', false],
  ['1.6.20~ds1-1+deb12u3', '1.7.29', true],
  ['2.0.0', '1.7.29', false],
  ['1.7', '1.7.29', true],
])('version %s is below %s: %s', (version, floor, below) => expect(isBelow(version, floor)).toBe(below))
