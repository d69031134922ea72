import type { SandboxRuntime } from '../sandbox.ts'
import { ALLOWED } from './seccomp-calls.ts'

/*
 * The system call filter of a box: an allow-list of our own, for the machine's own architecture alone. What it doesn't
 * allow fails with EPERM, as if the caller lacked the right; calls newer than the newest it names fail with ENOSYS (the
 * container runtime sees to that), so that libraries fall back to what they did before.
 *
 * Arguments are compared with what is allowed, never with what is not: the kernel takes most of them as 32 bits and a filter
 * sees 64, so a value with more on top would pass any "not equal".
 *
 * Not filtered are ioctl's commands (TIOCSTI and its like): a box has no terminal but those it makes itself.
 */
export type SeccompProfile = {
  defaultAction: 'SCMP_ACT_ERRNO'
  architectures: string[]
  syscalls: SeccompRule[]
}

type SeccompRule = {
  names: string[]
  action: 'SCMP_ACT_ALLOW' | 'SCMP_ACT_ERRNO' | 'SCMP_ACT_TRACE'
  errnoRet?: number
  args?: Condition[]
}

/** On an argument: equal to `value`, or equal to `valueTwo` in the bits of `value`. */
type Condition =
  | { index: number; value: number; op: 'SCMP_CMP_EQ' }
  | { index: number; value: number; valueTwo: number; op: 'SCMP_CMP_MASKED_EQ' }

/** Only the machine's own way of calling: no 32-bit entry and no x32, whose numbers mean other calls. */
const ARCHITECTURES: Record<string, string> = { amd64: 'SCMP_ARCH_X86_64', arm64: 'SCMP_ARCH_AARCH64' }

/** The profile for engines of this architecture (Docker's word for it) and boxes of this runtime, in Docker's format. */
export function seccompProfile(architecture: string, runtime: SandboxRuntime): SeccompProfile {
  return {
    defaultAction: 'SCMP_ACT_ERRNO',
    architectures: [ARCHITECTURES[architecture] ?? 'SCMP_ARCH_X86_64'],
    syscalls: [
      ...Object.values(ALLOWED).map(names => allow(names)),
      ...newProcesses(runtime),
      ...sockets(),
      ...deviceless(),
      ...unmerged(),
      ...plainLinux(),
    ],
  }
}

const ENOSYS = 38
/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const NEW_NAMESPACE = 0x7e02_0000
/** All flags but CLONE_FS, CLONE_FILES and CLONE_SYSVSEM, which threads may stop sharing. */
const NOT_A_THREADS_OWN = 0xffff_ffff - 0x200 - 0x400 - 0x4_0000

/**
 * New processes and threads, no new namespaces. clone3's flags stand in memory, where a filter can't look; libraries fall back
 * to clone when it isn't there (ENOSYS), and only then. gVisor says EPERM whatever errno a rule asks for, and no thread would
 * start; a call that is left to a debugger's decision ends with ENOSYS where there is none (seccomp(2)), and ptrace is refused.
 */
function newProcesses(runtime: SandboxRuntime): SeccompRule[] {
  return [
    allow('clone', bits(0, NEW_NAMESPACE, 0)),
    runtime === 'runsc'
      ? { names: ['clone3'], action: 'SCMP_ACT_TRACE' }
      : { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: ENOSYS },
    allow('unshare', bits(0, NOT_A_THREADS_OWN, 0)),
  ]
}

const AF_UNIX = 1
const AF_INET = 2
const AF_INET6 = 10
const AF_NETLINK = 16
const SOCK_STREAM = 1
const SOCK_DGRAM = 2
/** A socket's type without SOCK_NONBLOCK and SOCK_CLOEXEC. */
const TYPE = 0xf
/** The kernel's "whatever fits", TCP and UDP: none of the protocols that few have looked at. */
const PROTOCOLS = [0, 6, 17]
/** How libraries list network interfaces. */
const NETLINK_ROUTE = 0

/** Unix sockets, TCP and UDP, and the kernel's own list of interfaces; no raw sockets and no other family. */
function sockets(): SeccompRule[] {
  const internet = [AF_INET, AF_INET6].flatMap(family =>
    [SOCK_STREAM, SOCK_DGRAM].flatMap(type =>
      PROTOCOLS.map(protocol => allow('socket', equal(0, family), bits(1, TYPE, type), equal(2, protocol))),
    ),
  )
  return [
    allow('socketpair', equal(0, AF_UNIX)),
    allow('socket', equal(0, AF_UNIX)),
    ...internet,
    allow('socket', equal(0, AF_NETLINK), equal(2, NETLINK_ROUTE)),
  ]
}

const S_IFMT = 0o170_000
const S_IFIFO = 0o010_000
const S_IFREG = 0o100_000
const S_IFSOCK = 0o140_000

/** Pipes, sockets and plain files by name, no devices. */
function deviceless(): SeccompRule[] {
  return [0, S_IFREG, S_IFIFO, S_IFSOCK].flatMap(kind => [allow('mknod', bits(1, S_IFMT, kind)), allow('mknodat', bits(2, S_IFMT, kind))])
}

/**
 * Advice on memory, but MADV_MERGEABLE (12, and 13 takes it back): where the host merges equal pages, the time that a write
 * takes tells one box what another one holds. 12 and 13 are the known ones with bits 8 and 4 and without bit 2.
 */
function unmerged(): SeccompRule[] {
  return [allow('madvise', bits(2, 8, 0)), allow('madvise', bits(2, 4, 0)), allow('madvise', bits(2, 2, 2))]
}

/** Asking for the execution domain, and setting the one that is set. */
function plainLinux(): SeccompRule[] {
  return [allow('personality', equal(0, 0)), allow('personality', equal(0, 0xffff_ffff))]
}

/** Allows calls (names by spaces) whose arguments meet all these conditions. */
function allow(names: string, ...args: Condition[]): SeccompRule {
  return { names: names.split(' '), action: 'SCMP_ACT_ALLOW', ...(args.length > 0 && { args }) }
}

const equal = (index: number, value: number): Condition => ({ index, value, op: 'SCMP_CMP_EQ' })
const bits = (index: number, mask: number, valueTwo: number): Condition => ({ index, value: mask, valueTwo, op: 'SCMP_CMP_MASKED_EQ' })
