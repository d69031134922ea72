// Runs inside a box and prints what it sees of its walls, as one line of JSON.
import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync, statfsSync, writeFileSync } from 'node:fs'

const read = path => {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    return error.code
  }
}
/** What stands in the first of these files that is there: control groups of version 2, then of 1. */
const first = (...paths) => paths.map(read).find(text => text !== 'ENOENT')
const errorOf = work => {
  try {
    work()
    return 'none'
  } catch (error) {
    return error.code
  }
}
const status = Object.fromEntries(
  read('/proc/self/status')
    .split('\n')
    .map(line => line.split(':\t').map(part => part.trim())),
)
const limits = Object.fromEntries(
  read('/proc/self/limits')
    .split('\n')
    .slice(1)
    .map(line => line.split(/\s{2,}/))
    .map(([name, soft, hard]) => [`limit ${name}`, `${soft} ${hard}`]),
)
const mounts = Object.fromEntries(
  read('/proc/self/mounts')
    .split('\n')
    .map(line => line.split(' '))
    .filter(([, path]) => ['/', '/work', '/tmp', '/dev/shm', '/proc/sys', '/sys'].includes(path))
    .map(([, path, type, options]) => [
      `mount ${path}`,
      `${type} ${options.replace(/uid=\d+/, 'uid=its own').replace(/(lower|upper|work)dir=[^,]*,?|^,/g, '')}`,
    ]),
)
/** What a system call of this number, made from perl, ends with: an errno, a signal, or that it was made. */
const call = (x64, arm64, ...args) => {
  const number = process.arch === 'x64' ? x64 : arm64
  const { stdout, signal } = spawnSync('perl', ['-e', `my $r = syscall(${[number, ...args].join(', ')}); print $r == -1 ? 0 + $! : "made"`])
  return signal ?? stdout.toString()
}
const size = path => {
  const { blocks, bsize, files } = statfsSync(path)
  return `${blocks * bsize} bytes, ${files} inodes`
}

console.log(
  JSON.stringify({
    // Each box has a user of its own.
    user: Number(status.Uid.split('\t')[0]) > 10_000 ? 'none of the host' : status.Uid,
    groups: `${status.Gid} ${status.Groups ?? ''}`,
    NoNewPrivs: status.NoNewPrivs,
    Seccomp: status.Seccomp,
    CapEff: status.CapEff,
    CapBnd: status.CapBnd,
    ...limits,
    ...mounts,
    'root is written to': errorOf(() => writeFileSync('/opt/fact', '')),
    'size of /work': size('/work'),
    'size of /tmp': size('/tmp'),
    'size of /dev/shm': size('/dev/shm'),
    memory: first('/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory/memory.limit_in_bytes'),
    'memory and swap': first('/sys/fs/cgroup/memory.swap.max', '/sys/fs/cgroup/memory/memory.memsw.limit_in_bytes'),
    pids: first('/sys/fs/cgroup/pids.max', '/sys/fs/cgroup/pids/pids.max'),
    cpu: first('/sys/fs/cgroup/cpu.max', '/sys/fs/cgroup/cpu/cpu.cfs_quota_us'),
    'control groups': /[0-9a-f]{64}/.test(read('/proc/self/cgroup')) ? 'the host’s tree' : 'a tree of its own',
    interfaces: readdirSync('/sys/class/net').sort().join(' '),
    ...Object.fromEntries(
      ['all', 'default', 'lo'].map(name => [`IPv6 is off: ${name}`, read(`/proc/sys/net/ipv6/conf/${name}/disable_ipv6`)]),
    ),
    'first process': read('/proc/1/comm'),
    'out-of-memory score': read('/proc/self/oom_score_adj'),
    'host name': read('/proc/sys/kernel/hostname'),
    folder: process.cwd(),
    environment: Object.keys(process.env).sort().join(' '),
    'socket AF_VSOCK': call(41, 198, 40, 1, 0),
    'socket AF_PACKET': call(41, 198, 17, 3, 0),
    'socket AF_ALG': call(41, 198, 38, 5, 0),
    'socket AF_INET raw': call(41, 198, 2, 3, 1),
    'socket AF_NETLINK audit': call(41, 198, 16, 3, 9),
    'clone a user namespace': call(56, 220, '0x10000000 | 17', 0, 0, 0, 0),
    'unshare a user namespace': call(272, 97, '0x10000000'),
    keyctl: call(250, 219, 0, 0, 0, 0, 0),
    ptrace: call(101, 117, 0, 0, 0, 0),
    io_uring_setup: call(425, 425, 1, 0),
    bpf: call(321, 280, 0, 0, 0),
    userfaultfd: call(323, 282, 0),
    perf_event_open: call(298, 241, 0, 0, 0, 0, 0),
    'x32 getpid': process.arch === 'x64' ? call('0x40000000 + 39', 0) : 'none',
  }),
)
