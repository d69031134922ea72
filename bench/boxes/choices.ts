import { seccompProfile } from '../../worker/sandbox/docker/seccomp.ts'
import type { Change } from './box-life.ts'

/** One thing that a box could have otherwise. `ours`: what it has, which the plain profile shows. */
export type Choice = { about: string; ours: string; instead: string; change?: Change; image?: 'flat' | 'many layers'; runtime?: string }

/** What the engine masks and makes read-only by itself (20.10 to 28). */
const MASKED = [
  '/proc/asound',
  '/proc/acpi',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/sys/firmware',
]

/** Everything is as in any box but for the one thing named. Some take a wall away: they show what it costs and are no option. */
export function choices(architecture: string): Choice[] {
  const filter =
    (profile: unknown): Change =>
    ({ HostConfig }) => {
      HostConfig.SecurityOpt = ['no-new-privileges', `seccomp=${typeof profile === 'string' ? profile : JSON.stringify(profile)}`]
    }
  const unconditional = seccompProfile(architecture, 'runc')
  const named = new Set<string>()
  // Each call once, whatever its arguments.
  unconditional.syscalls = unconditional.syscalls
    .map(({ names, action, errnoRet }) => ({
      names: names.filter(name => !named.has(name)),
      action,
      ...(errnoRet !== undefined && { errnoRet }),
    }))
    .filter(({ names }) => {
      for (const name of names) named.add(name)
      return names.length > 0
    })
  return [
    {
      about: 'network',
      ours: 'NetworkDisabled',
      instead: 'mode "none"',
      change: options => void ((options.NetworkDisabled = false), (options.HostConfig.NetworkMode = 'none')),
    },
    {
      about: 'network',
      ours: 'NetworkDisabled',
      instead: 'default bridge',
      change: options => void ((options.NetworkDisabled = false), (options.HostConfig.NetworkMode = 'bridge')),
    },
    {
      about: 'log driver',
      ours: 'none',
      instead: 'json-file',
      change: ({ HostConfig }) => void (HostConfig.LogConfig = { Type: 'json-file', Config: {} }),
    },
    { about: 'runtime', ours: 'runc', instead: 'crun', runtime: 'crun', change: ({ HostConfig }) => void (HostConfig.Runtime = 'crun') },
    {
      about: 'runtime',
      ours: 'runc',
      instead: 'runsc',
      runtime: 'runsc',
      change: options => {
        options.HostConfig.Runtime = 'runsc'
        filter(seccompProfile(architecture, 'runsc'))(options)
      },
    },
    {
      about: 'init',
      ours: 'tini in the image',
      instead: 'the engine’s',
      change: options => void ((options.Entrypoint = ['sh']), (options.Cmd = []), (options.HostConfig.Init = true)),
    },
    {
      about: 'init',
      ours: 'tini in the image',
      instead: 'none',
      change: options => void ((options.Entrypoint = ['sh']), (options.Cmd = [])),
    },
    {
      about: 'system call filter',
      ours: 'Assay’s',
      instead: 'the engine’s',
      change: ({ HostConfig }) => void (HostConfig.SecurityOpt = ['no-new-privileges']),
    },
    { about: 'system call filter', ours: 'Assay’s', instead: 'without arguments (no option)', change: filter(unconditional) },
    { about: 'system call filter', ours: 'Assay’s', instead: 'none (no option)', change: filter('unconfined') },
    { about: 'tmpfs', ours: '/work, /tmp', instead: 'none', change: ({ HostConfig }) => void delete HostConfig.Tmpfs },
    { about: '/dev/shm', ours: 'private', instead: 'none', change: ({ HostConfig }) => void (HostConfig.IpcMode = 'none') },
    { about: 'sysctls', ours: 'three', instead: 'none', change: ({ HostConfig }) => void delete HostConfig.Sysctls },
    { about: 'image', ours: 'as built', instead: 'one layer', image: 'flat' },
    { about: 'image', ours: 'as built', instead: '40 layers more', image: 'many layers' },
    {
      about: 'control groups',
      ours: 'memory, processors, processes',
      instead: 'no limits (no option)',
      change: ({ HostConfig }) => {
        for (const limit of ['Memory', 'MemorySwap', 'NanoCpus', 'PidsLimit'] as const) delete HostConfig[limit]
      },
    },
    {
      about: 'control group namespace',
      ours: 'private',
      instead: 'the host’s (no option)',
      change: ({ HostConfig }) => void (HostConfig.CgroupnsMode = 'host' as 'private'),
    },
    {
      about: 'masked paths',
      ours: 'the engine’s',
      instead: 'half of them',
      change: ({ HostConfig }) => void (HostConfig.MaskedPaths = MASKED.slice(0, 5)),
    },
    {
      about: 'masked paths',
      ours: 'the engine’s',
      instead: 'none (no option)',
      change: ({ HostConfig }) => void ((HostConfig.MaskedPaths = []), (HostConfig.ReadonlyPaths = [])),
    },
    { about: 'root', ours: 'read-only', instead: 'writable', change: ({ HostConfig }) => void (HostConfig.ReadonlyRootfs = false) },
    {
      about: 'all of it',
      ours: 'the profile',
      instead: 'the engine’s defaults (no option)',
      change: options => {
        options.NetworkDisabled = false
        options.HostConfig = { NetworkMode: 'bridge' } as typeof options.HostConfig
        delete options.User
      },
    },
  ]
}
