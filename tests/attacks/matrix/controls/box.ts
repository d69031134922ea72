import type { Control, Evidence } from '../control.ts'

const FILE = 'worker/sandbox/docker/host-config.ts'

/** A line of the box's profile that is left out, or put otherwise. */
function line(name: string, from: string, to: string, ...shownBy: Evidence[]): Control {
  return { name, group: 'The box', takeAway: [{ file: FILE, from, to }], shownBy }
}

/** The first of three that each turn IPv6 off for the loopback. */
const IPV6_ALL = line('no IPv6 by default', "'net.ipv6.conf.all.disable_ipv6': '1', ", '', { fact: 'IPv6 is off: all' })

/** Controls whose absence shows only where another one is gone too. */
function alsoWithout({ name, takeAway }: Control, controls: readonly Control[]): Control[] {
  return controls.map(control => ({ ...control, together: name, takeAway: [...takeAway, ...control.takeAway] }))
}

/** Every field of the container profile that stands in a program's way. */
export const BOX_CONTROLS: readonly Control[] = [
  line('a user other than root', 'User: `${user}:${BOX_USER}`,', "User: '0:0',", { fact: 'user' }),
  line('no network', 'NetworkDisabled: true,', '', { fact: 'interfaces' }),
  line('an environment of its own', "Env: ['PATH=", "Env: ['SECRET=1', 'PATH=", { fact: 'environment' }),
  line('a host name of its own', "Hostname: 'box',", '', { fact: 'host name' }),
  line('capabilities dropped', "CapDrop: ['ALL'],", '', { fact: 'CapBnd' }),
  line('no new privileges', "'no-new-privileges',", '', { fact: 'NoNewPrivs' }),
  line('system call filter', '`seccomp=${JSON.stringify(seccompProfile(architecture, spec.runtime))}`', "'seccomp=unconfined'", {
    fact: 'Seccomp',
  }),
  line('read-only root', 'ReadonlyRootfs: true,', '', { fact: 'mount /' }),
  line('size of /work and /tmp', 'size=${size},', '', { fact: 'size of /work' }),
  line('inodes of /work and /tmp', 'nr_inodes=${inodes},', '', { fact: 'size of /work' }),
  line('nothing in /work and /tmp can be run', 'rw,noexec,', 'rw,exec,', { fact: 'mount /work' }),
  line('no set-user-id in /work and /tmp', 'nosuid,', 'suid,', { fact: 'mount /work' }),
  line('no devices in /work and /tmp', 'nodev,', 'dev,', { fact: 'mount /work' }),
  {
    name: 'memory limit',
    group: 'The box',
    // The engine takes no limit of memory and swap below that of memory alone.
    takeAway: [
      { file: FILE, from: ' Memory: spec.memoryBytes,', to: '' },
      { file: FILE, from: 'MemorySwap: spec.memoryBytes,', to: '' },
    ],
    shownBy: [{ fact: 'memory' }],
  },
  line('no swap', 'MemorySwap: spec.memoryBytes,', 'MemorySwap: 2 * spec.memoryBytes,', { fact: 'memory and swap' }),
  line('processor limit', 'NanoCpus: Math.round(spec.processors * 1e9),', '', { fact: 'cpu' }),
  line('process limit', 'PidsLimit: FIXED.pids,', '', { fact: 'pids' }),
  line('open files', "ulimit('nofile', 1024),", '', { fact: 'limit Max open files' }),
  line('no core dumps', "ulimit('core', 0),", '', { fact: 'limit Max core file size' }),
  line('locked memory', "ulimit('memlock', 64 * 1024),", '', { fact: 'limit Max locked memory' }),
  line('no message queues', "ulimit('msgqueue', 0),", '', { fact: 'limit Max msgqueue size' }),
  IPV6_ALL,
  ...alsoWithout(IPV6_ALL, [
    line('no IPv6 for new interfaces', "'net.ipv6.conf.default.disable_ipv6': '1', ", '', { fact: 'IPv6 is off: default' }),
    line('no IPv6 loopback', ", 'net.ipv6.conf.lo.disable_ipv6': '1'", '', { fact: 'IPv6 is off: lo' }),
  ]),
  line('IPC of its own', "IpcMode: 'private',", "IpcMode: 'host',", { fact: 'ipc mode' }),
  line('control groups of its own', "CgroupnsMode: 'private',", "CgroupnsMode: 'host' as 'private',", { fact: 'control groups' }),
  line('size of /dev/shm', 'ShmSize: Math.min(16 * MiB, spec.memoryBytes / 8),', '', { fact: 'size of /dev/shm' }),
  line('the engine keeps no log', "LogConfig: { Type: 'none', Config: {} },", '', { fact: 'log driver' }),
  line('boxes go first when memory is short', 'OomScoreAdj: 1000,', '', { fact: 'out-of-memory score' }),
  line('no init of the engine’s, one file in all boxes', 'Init: false,', 'Init: true,', { fact: 'first process' }),
  line('never started again', "RestartPolicy: { Name: 'no' },", "RestartPolicy: { Name: 'always' },", { fact: 'restart policy' }),
]
