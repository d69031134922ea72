// Runs inside a probe box (doctor.ts) and prints what it finds there, as one line of JSON. What can't be read is left out.
import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync, statfsSync, writeFileSync } from 'node:fs'

const read = path => {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return undefined
  }
}
const first = (...paths) => paths.map(read).find(text => text !== undefined)
const status = Object.fromEntries((read('/proc/self/status') ?? '').split('\n').map(line => line.split(':\t').map(part => part.trim())))
const errorOf = work => {
  try {
    work()
    return 'none'
  } catch (error) {
    return error.code
  }
}
// gVisor's /proc doesn't show it, but its prctl(PR_GET_NO_NEW_PRIVS) tells.
const noNewPrivileges = () => {
  const number = { x64: 157, arm64: 167 }[process.arch]
  return spawnSync('perl', ['-e', `print syscall(${number}, 39, 0, 0, 0, 0)`], { encoding: 'utf8' }).stdout?.trim() || undefined
}
const sizeOf = path => {
  const { blocks, bsize } = statfsSync(path)
  return blocks * bsize
}

const [quota, period] = (read('/sys/fs/cgroup/cpu.max') ?? '').split(' ')
const cpu = quota
  ? { quota, period }
  : { quota: read('/sys/fs/cgroup/cpu/cpu.cfs_quota_us'), period: read('/sys/fs/cgroup/cpu/cpu.cfs_period_us') }

console.log(
  JSON.stringify({
    uid: status.Uid,
    noNewPrivileges: status.NoNewPrivs ?? noNewPrivileges(),
    seccomp: status.Seccomp,
    capabilities: status.CapEff,
    bounding: status.CapBnd,
    // A folder that isn't root's.
    rootWrite: errorOf(() => writeFileSync('/var/tmp/probe', '')),
    memory: first('/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory/memory.limit_in_bytes'),
    swap: first('/sys/fs/cgroup/memory.swap.max'),
    memoryAndSwap: first('/sys/fs/cgroup/memory/memory.memsw.limit_in_bytes'),
    pids: first('/sys/fs/cgroup/pids.max', '/sys/fs/cgroup/pids/pids.max'),
    cpu,
    interfaces: (read('/proc/net/dev') ?? '')
      .split('\n')
      .slice(2)
      .map(line => line.split(':')[0].trim()),
    work: sizeOf('/work'),
    tmp: sizeOf('/tmp'),
    init: read('/proc/1/comm'),
    devices: readdirSync('/dev'),
  }),
)
