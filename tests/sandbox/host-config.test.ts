import { describe, expect, test } from 'vitest'
import { hostConfig } from '../../worker/sandbox/docker/host-config.ts'
import type { BoxSpec } from '../../worker/sandbox/sandbox.ts'
import { boxSpec, MiB } from './open-program.ts'

const made = (given: Partial<BoxSpec> = {}) =>
  hostConfig(boxSpec(given), { imageRef: 'assay-node:1', architecture: 'amd64', user: 10007, labels: { 'assay.box': 'subject' } })

describe('the profile of every box', () => {
  const options = made()
  const { HostConfig } = options

  test.each([
    ['no root', options.User, '10007:10001'],
    ['no network', options.NetworkDisabled, true],
    ['no terminal', options.Tty, false],
    ['its labels', options.Labels, { 'assay.box': 'subject' }],
    ['no capability', HostConfig.CapDrop, ['ALL']],
    ['none given back', HostConfig.CapAdd, undefined],
    ['not privileged', HostConfig.Privileged, undefined],
    ['a root that is read-only', HostConfig.ReadonlyRootfs, true],
    ['nothing of the host', HostConfig.Binds, undefined],
    ['no mounts by another name', HostConfig.Mounts, undefined],
    ['no devices', HostConfig.Devices, undefined],
    ['the engine’s own masked paths', HostConfig.MaskedPaths, undefined],
    ['the engine’s own read-only paths', HostConfig.ReadonlyPaths, undefined],
    ['an IPC namespace of its own', HostConfig.IpcMode, 'private'],
    ['a cgroup namespace of its own', HostConfig.CgroupnsMode, 'private'],
    ['the default pid and user namespaces', [HostConfig.PidMode, HostConfig.UsernsMode], [undefined, undefined]],
    ['no log', HostConfig.LogConfig, { Type: 'none', Config: {} }],
    ['first to go when the host is out of memory', HostConfig.OomScoreAdj, 1000],
    ['no init of the engine’s', HostConfig.Init, false],
    ['a limit of processes', HostConfig.PidsLimit, 128],
  ])('%s', (_, found, wanted) => expect(found).toEqual(wanted))

  test('no new privileges, and a system call filter of ours', () => {
    const [privileges, seccomp] = HostConfig.SecurityOpt as [string, string]
    expect(privileges).toBe('no-new-privileges')
    expect(JSON.parse(seccomp.replace(/^seccomp=/, ''))).toMatchObject({ defaultAction: 'SCMP_ACT_ERRNO' })
  })

  test('limits of open files, core files, locked memory and message queues; none of processes per user', () => {
    expect(HostConfig.Ulimits?.map(({ Name, Hard }) => [Name, Hard])).toEqual([
      ['nofile', 1024],
      ['core', 0],
      ['memlock', 64 * 1024],
      ['msgqueue', 0],
    ])
  })
})

test.each([
  [
    { memoryBytes: 256 * MiB, processors: 1 },
    { Memory: 256 * MiB, MemorySwap: 256 * MiB, NanoCpus: 1e9, ShmSize: 16 * MiB },
  ],
  [
    { memoryBytes: 64 * MiB, processors: 0.5 },
    { Memory: 64 * MiB, MemorySwap: 64 * MiB, NanoCpus: 5e8, ShmSize: 8 * MiB },
  ],
  [{ runtime: 'runsc' as const }, { Runtime: 'runsc' }],
])('%o becomes limits of the container', (spec, limits) => expect(made(spec).HostConfig).toMatchObject(limits))

test.each([
  ['subject', 256, { '/work': 64, '/tmp': 64 }],
  ['subject', 64, { '/work': 16, '/tmp': 16 }],
  ['examiner', 512, { '/work': 64, '/tmp': 64 }],
  ['database', 512, { '/work': 64, '/tmp': 64, '/pgdata': 384 }],
] as const)('a %s box with %d MiB writes to tmpfs of these sizes alone', (role, memory, sizes) => {
  const { Tmpfs } = made({ role, memoryBytes: memory * MiB }).HostConfig
  const found = Object.entries(Tmpfs!).map(([path, options]) => [path, Number(/size=(\d+)/.exec(options)?.[1]) / MiB])
  expect(Object.fromEntries(found)).toEqual(sizes)
  for (const options of Object.values(Tmpfs!)) expect(options).toMatch(/^rw,noexec,nosuid,nodev,size=\d+,nr_inodes=\d+,mode=/)
})
