import { beforeAll, describe, expect, test } from 'vitest'
import { connectEngine, engineFacts } from '../../worker/sandbox/docker/engine.ts'
import { ensureImages } from '../../worker/sandbox/docker/images.ts'
import { runInBox } from '../../worker/sandbox/docker/run-in-box.ts'
import { ALLOWED, WITHHELD } from '../../worker/sandbox/docker/seccomp-calls.ts'
import { seccompProfile } from '../../worker/sandbox/docker/seccomp.ts'
import { X86_64_CALLS } from './fixtures/x86-64-calls.ts'
import type { SandboxRuntime } from '../../worker/sandbox/sandbox.ts'
import { boxSpec } from './open-program.ts'

/*
 * The filter, from inside a box of the real profile. Perl makes system calls by number, so no library stands between.
 */
const engine = connectEngine()
const perl = (script: string, runtime: SandboxRuntime = 'runc') => runInBox(engine, boxSpec({ runtime }), ['perl', '-e', script])
const node = (script: string, runtime: SandboxRuntime) =>
  runInBox(engine, boxSpec({ runtime }), ['node', '--input-type=module', '--eval', script])
const { Runtimes } = (await engine.docker.info()) as { Runtimes: Record<string, { runtimeArgs?: string[] }> }
const RUNTIMES: SandboxRuntime[] = Runtimes['runsc'] ? ['runc', 'runsc'] : ['runc']
/** gVisor passes over a box's list unless told to heed it; this engine may know one from before we told it. */
const heeds = (runtime: SandboxRuntime) => runtime === 'runc' || Runtimes['runsc']?.runtimeArgs?.includes('--oci-seccomp') === true

beforeAll(() => ensureImages({ log: () => {}, only: ['node'] }))

const EPERM = 1
const EFAULT = 14
const ENOSYS = 38
const AF = {
  VSOCK: 40,
  ALG: 38,
  PACKET: 17,
  RXRPC: 33,
  XDP: 44,
  KCM: 41,
  TIPC: 30,
  BLUETOOTH: 31,
  NETLINK: 16,
  INET: 2,
  INET6: 10,
  UNIX: 1,
}
const STREAM = 1
const DGRAM = 2
const RAW = 3
const SEQPACKET = 5
const NONBLOCK_AND_CLOEXEC = 0x80800
/** On top of an argument's 32 bits that count. */
const HIGH = 2 ** 32

/** x86-64's number of a call, its arguments, and the error it must end with; 0 for none. */
const CALLS: [name: string, expected: number, number: number, ...args: number[]][] = [
  ['ptrace', EPERM, 101, 0, 0, 0, 0],
  ['process_vm_readv', EPERM, 310, 1, 0, 0, 0, 0, 0],
  ['process_vm_writev', EPERM, 311, 1, 0, 0, 0, 0, 0],
  ['kcmp', EPERM, 312, 1, 1, 0, 0, 0],
  ['pidfd_getfd', EPERM, 438, 0, 0, 0],
  ['io_uring_setup', EPERM, 425, 1, 0],
  ['add_key', EPERM, 248, 0, 0, 0, 0, 0],
  ['request_key', EPERM, 249, 0, 0, 0, 0],
  ['keyctl', EPERM, 250, 0, 0, 0, 0, 0],
  ['userfaultfd', EPERM, 323, 0],
  ['bpf', EPERM, 321, 0, 0, 0],
  ['perf_event_open', EPERM, 298, 0, 0, -1, -1, 0],
  ['memfd_secret', EPERM, 447, 0],
  ['vmsplice', EPERM, 278, 0, 0, 0, 0],
  ['name_to_handle_at', EPERM, 303, -100, 0, 0, 0, 0],
  ['open_by_handle_at', EPERM, 304, -100, 0, 0],
  ['mq_open', EPERM, 240, 0, 0, 0, 0],
  ['mount', EPERM, 165, 0, 0, 0, 0, 0],
  ['umount2', EPERM, 166, 0, 0],
  ['pivot_root', EPERM, 155, 0, 0],
  ['chroot', EPERM, 161, 0],
  ['fsopen', EPERM, 430, 0, 0],
  ['move_mount', EPERM, 429, 0, 0, 0, 0, 0],
  ['setns', EPERM, 308, 0, 0],
  ['unshare of the user namespace', EPERM, 272, 0x10000000],
  ['unshare of the time namespace', EPERM, 272, 0x80],
  ['unshare of the mount namespace and files', EPERM, 272, 0x20400],
  ['unshare of open files', 0, 272, 0x400],
  ['unshare of nothing', 0, 272, 0],
  ['clone into a user namespace', EPERM, 56, 0x10000011, 0, 0, 0, 0],
  ['clone into a network namespace', EPERM, 56, 0x40000011, 0, 0, 0, 0],
  ['clone into a network namespace, with more on top', EPERM, 56, 0x40000011 + HIGH, 0, 0, 0, 0],
  ['clone3', ENOSYS, 435, 0, 0],
  ['init_module', EPERM, 175, 0, 0, 0],
  ['kexec_load', EPERM, 246, 0, 0, 0, 0],
  ['settimeofday', EPERM, 164, 0, 0],
  ['syslog', EPERM, 103, 3, 0, 0],
  ['quotactl', EPERM, 179, 0, 0, 0, 0],
  ['acct', EPERM, 163, 0],
  ['personality without address randomization', EPERM, 135, 0x0040000],
  ['personality of a 32-bit Linux', EPERM, 135, 8],
  ['asking for the personality', 0, 135, 0xffffffff],
  ['mknod of a character device', EPERM, 133, 0, 0o020666, 0x103],
  ['mknod of a block device', EPERM, 133, 0, 0o060666, 0x100],
  ['mknodat of a block device', EPERM, 259, -100, 0, 0o060666, 0x100],
  ['mknod of a named pipe', EFAULT, 133, 0, 0o010666, 0],
  ['mknodat of a named pipe', EFAULT, 259, -100, 0, 0o010666, 0],
  ['advice to merge pages with others’', EPERM, 28, 0, 0, 12],
  ['advice to merge pages, with more on top', EPERM, 28, 0, 0, 12 + HIGH],
  ...[0, 1, 2, 3, 4, 8, 9, 10, 11, 14, 15, 16, 17, 18, 19, 20, 21, 25].map((advice): [string, number, number, ...number[]] => [
    `memory advice ${advice}`,
    0,
    28,
    0,
    0,
    advice,
  ]),
  ['fanotify_init', EPERM, 300, 0, 0],
  ['landlock_create_ruleset', EPERM, 444, 0, 0, 1],
  ['a VSOCK socket', EPERM, 41, AF.VSOCK, STREAM, 0],
  ['an ALG socket', EPERM, 41, AF.ALG, 5, 0],
  ['a PACKET socket', EPERM, 41, AF.PACKET, RAW, 768],
  ['an RXRPC socket', EPERM, 41, AF.RXRPC, DGRAM, 2],
  ['an XDP socket', EPERM, 41, AF.XDP, RAW, 0],
  ['a KCM socket', EPERM, 41, AF.KCM, DGRAM, 0],
  ['a TIPC socket', EPERM, 41, AF.TIPC, STREAM, 0],
  ['a Bluetooth socket', EPERM, 41, AF.BLUETOOTH, RAW, 1],
  ['a netlink socket for audit', EPERM, 41, AF.NETLINK, RAW, 9],
  ['an SCTP socket', EPERM, 41, AF.INET, STREAM, 132],
  ['an SCTP socket of sequenced packets', EPERM, 41, AF.INET, SEQPACKET, 132],
  ['a multipath TCP socket', EPERM, 41, AF.INET, STREAM, 262],
  ['a DCCP socket', EPERM, 41, AF.INET, 6, 33],
  ['a UDP-Lite socket', EPERM, 41, AF.INET6, DGRAM, 136],
  ['a ping socket', EPERM, 41, AF.INET, DGRAM, 1],
  ['a raw ICMP socket', EPERM, 41, AF.INET, RAW, 1],
  ['a raw TCP socket', EPERM, 41, AF.INET, RAW, 6],
  ['a raw UDP socket', EPERM, 41, AF.INET6, RAW, 17],
  ['a socket of type PACKET', EPERM, 41, AF.INET, 10, 0],
  ['a VSOCK socket, with more on top', EPERM, 41, AF.VSOCK + HIGH, STREAM, 0],
  ['a TCP socket that doesn’t block', 0, 41, AF.INET, STREAM + NONBLOCK_AND_CLOEXEC, 0],
  ['a pair of Unix sockets', EFAULT, 53, AF.UNIX, STREAM, 0, 0],
  ['a pair of TCP sockets', EPERM, 53, AF.INET, STREAM, 0, 0],
  ['a pair of VSOCK sockets', EPERM, 53, AF.VSOCK, STREAM, 0, 0],
  ['a TCP socket', 0, 41, AF.INET, STREAM, 0],
  ['a UDP socket', 0, 41, AF.INET6, DGRAM, 17],
  ['a Unix socket', 0, 41, AF.UNIX, STREAM, 0],
  ['a netlink socket for routes', 0, 41, AF.NETLINK, RAW, 0],
  ['getpid', 0, 39],
]

describe('system calls', async () => {
  const amd64 = (await engineFacts(engine)).architecture === 'amd64'

  // The numbers are x86-64's.
  test.runIf(amd64)('end as the filter says', async () => {
    const ended = await endings('runc')
    expect(ended).toEqual(Object.fromEntries(CALLS.map(([name, expected]) => [name, expected])))
  })

  /** What gVisor's own kernel answers to allowed calls is its business. */
  test.runIf(amd64 && RUNTIMES.includes('runsc') && heeds('runsc'))('are refused by gVisor as well', async () => {
    const ended = await endings('runsc')
    const refused = CALLS.filter(([, expected]) => expected === EPERM).map(([name]) => name)
    expect(refused.filter(name => ended[name] !== EPERM)).toEqual([])
    expect(ended['clone3']).toBe(ENOSYS)
  })

  async function endings(runtime: SandboxRuntime): Promise<Record<string, number | undefined>> {
    const lines = CALLS.map(([, , number, ...args]) => {
      const call = `syscall(${[number, ...args].join(', ')})`
      return `$! = 0; my $r = ${call}; print(($r == -1 ? $! + 0 : 0), "\\n");`
    })
    const { stdout } = await perl(lines.join('\n'), runtime)
    const found = stdout.trim().split('\n').map(Number)
    return Object.fromEntries(CALLS.map(([name], index) => [name, found[index]]))
  }

  /** Calls that take a process away from itself; the programs of the last test make them. */
  const NOT_TRIED = ['fork', 'vfork']
  const BY_ARGUMENTS = ['clone', 'socket', 'socketpair', 'unshare', 'mknod', 'mknodat', 'madvise', 'personality']
  /** The kernel's own answer to these, without capabilities. */
  const NEED_A_CAPABILITY = ['setgroups', 'setreuid', 'setregid', 'setresuid', 'setresgid']
  /** What the container runtime's libraries know by name; of later calls they know only that they are later. */
  const NEWEST_KNOWN = X86_64_CALLS.get('memfd_secret')!
  const names = (groups: Record<string, string>) => Object.values(groups).flatMap(group => group.split(' '))

  test('stand in the list once, allowed or withheld for a reason, and exist', () => {
    const all = [...names(ALLOWED), ...names(WITHHELD), ...BY_ARGUMENTS, 'clone3']
    expect(all.filter((name, index) => all.indexOf(name) !== index)).toEqual([])
    expect(all.filter(name => !X86_64_CALLS.has(name))).toEqual([])
  })

  test.runIf(amd64).for(RUNTIMES.filter(heeds))('pass when they are allowed; every other one is refused (%s)', async runtime => {
    const tried = [...X86_64_CALLS].filter(([name]) => ![...NOT_TRIED, ...BY_ARGUMENTS, 'clone3'].includes(name))
    // Each in a process of its own: some never come back, and some end it.
    const { stdout } = await perl(
      `
      $| = 1;
      for my $number (${tried.map(([, number]) => number).join(',')}) {
        pipe(my $from, my $to);
        my $child = fork();
        if (!$child) {
          alarm 1;
          $! = 0;
          my $result = syscall($number, -1, 0, 0, 0, 0, 0);
          syswrite($to, $result == -1 ? $! + 0 : 0);
          exit 0;
        }
        close $to;
        my $said;
        sysread($from, $said, 9) or $said = 'ended';
        kill 9, $child;
        waitpid($child, 0);
        print "$number $said\\n";
      }`,
      runtime,
    )
    const said = new Map(
      stdout
        .trim()
        .split('\n')
        .map(line => line.split(' ') as [string, string]),
    )
    const allowed = new Set(names(ALLOWED))
    const wrong = tried.filter(([name, number]) => {
      const refused = said.get(String(number)) === String(EPERM) || (number > NEWEST_KNOWN && said.get(String(number)) === String(ENOSYS))
      // gVisor has no names for calls that it doesn't know.
      if (allowed.has(name)) return runtime === 'runc' && refused && number <= NEWEST_KNOWN && !NEED_A_CAPABILITY.includes(name)
      return !refused
    })
    expect(said.size).toBe(tried.length)
    expect(wrong.map(([name, number]) => `${name} ${said.get(String(number))}`)).toEqual([])
  })

  test.runIf(amd64)('by the numbers of x32 are no way around it', async () => {
    // getpid and ptrace: a 64-bit kernel built with x32 knows both by these numbers.
    for (const number of [39, 101, 521]) {
      const { exitCode, stdout } = await perl(
        `$! = 0; my $r = syscall(${number} | 0x40000000, 0, 0, 0, 0); print $r == -1 ? $! + 0 : "passed"`,
      )
      expect([EPERM, ENOSYS].includes(Number(stdout)) || exitCode === 128 + 31).toBe(true)
    }
  })

  test('are all for one architecture', () => {
    expect(seccompProfile('amd64', 'runc').architectures).toEqual(['SCMP_ARCH_X86_64'])
    expect(seccompProfile('arm64', 'runsc').architectures).toEqual(['SCMP_ARCH_AARCH64'])
  })

  test('have no terminal to push words into', async () => {
    const { stdout } = await perl(
      `open(my $tty, '+<', '/dev/tty') ? print 'open' : print $! + 0; print -t $_ ? ' terminal' : ' pipe' for (*STDIN, *STDOUT, *STDERR)`,
    )
    const ENXIO = 6
    expect(stdout).toBe(`${ENXIO} pipe pipe pipe`)
  })

  test.runIf(amd64)('by the 32-bit entry are no way around it', async () => {
    // push rbx; mov eax, 20 (getpid); int 0x80; mov [rip+…], eax; pop rbx; ret
    const code = '53b814000000cd80488d0d3100000089015bc3'
    const { exitCode, stdout } = await perl(`
      require DynaLoader;
      my $at = syscall(9, 0, 4096, 7, 0x22, -1, 0);
      pipe(my $r, my $w); syswrite($w, pack('H*', '${code}')); syscall(0, fileno($r), $at, ${code.length / 2});
      $| = 1; print "calling\\n";
      &{DynaLoader::dl_install_xsub('main::go', $at)}();
      print unpack('l', unpack('P4', pack('Q', $at + 0x40))), "\\n"`)
    const [calling, result] = stdout.trim().split('\n')
    expect(calling).toBe('calling')
    // Killed at the call, or refused.
    expect(exitCode === 128 + 31 || Number(result) === -EPERM || Number(result) === -ENOSYS).toBe(true)
  })
})

test.each(RUNTIMES)('threads, worker threads, child processes, files, sockets and timers work as ever (%s)', async runtime => {
  const { exitCode, stdout, stderr } = await node(
    `
    import { Worker } from 'node:worker_threads'
    import { execFileSync, spawnSync, fork } from 'node:child_process'
    import { once } from 'node:events'
    import { createServer, connect } from 'node:net'
    import { createSocket } from 'node:dgram'
    import { lookup } from 'node:dns/promises'
    import { networkInterfaces, cpus, userInfo } from 'node:os'
    import { promisify } from 'node:util'
    import { scrypt } from 'node:crypto'
    import fs from 'node:fs'
    const did = {}
    const worker = new Worker('import { parentPort } from "worker_threads"; parentPort.postMessage(6 * 7)', { eval: true })
    did.worker = (await once(worker, 'message'))[0]
    did.child = execFileSync('node', ['-p', '6 * 7']).toString().trim()
    did.shell = spawnSync('sh', ['-c', 'echo $((6 * 7)) | cat']).stdout.toString().trim()
    did.perl = execFileSync('perl', ['-e', 'print 6 * 7']).toString()
    fs.writeFileSync('/work/echo.cjs', 'process.on("message", m => { process.send(m); process.disconnect() })')
    const forked = fork('/work/echo.cjs', { execArgv: [] }); forked.send(42)
    did.fork = (await once(forked, 'message'))[0]
    did.scrypt = (await promisify(scrypt)('a', 'b', 42)).length
    const watching = once(fs.watch('/work'), 'change'); fs.writeFileSync('/work/file', ''); await watching
    did.copied = (fs.cpSync('/work/file', '/tmp/copy'), fs.existsSync('/tmp/copy'))
    for (const host of ['127.0.0.1', '/tmp/socket']) {
      const server = createServer(socket => socket.end('42'))
      host.startsWith('/') ? server.listen(host) : server.listen(0, host)
      await once(server, 'listening')
      const socket = host.startsWith('/') ? connect(host) : connect(server.address().port, host)
      did[host] = (await once(socket, 'data'))[0].toString(); server.close()
    }
    const udp = createSocket('udp4'); udp.bind(0, '127.0.0.1'); await once(udp, 'listening')
    udp.send('42', udp.address().port, '127.0.0.1'); did.udp = (await once(udp, 'message'))[0].toString(); udp.close()
    did.localhost = (await lookup('localhost', { family: 4 })).address
    did.interfaces = Object.keys(networkInterfaces()); did.user = userInfo().username
    setTimeout(() => { console.log(JSON.stringify(did)); process.exit(0) }, 1)`,
    runtime,
  )
  expect(stderr).toBe('')
  expect(exitCode).toBe(0)
  expect(JSON.parse(stdout)).toEqual({
    worker: 42,
    child: '42',
    shell: '42',
    perl: '42',
    fork: 42,
    scrypt: 42,
    copied: true,
    '127.0.0.1': '42',
    '/tmp/socket': '42',
    udp: '42',
    localhost: '127.0.0.1',
    interfaces: ['lo'],
    user: expect.stringMatching(/^box\d*$/),
  })
})
