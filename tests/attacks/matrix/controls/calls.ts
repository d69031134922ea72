import type { Control, Evidence } from '../control.ts'

const SECCOMP = 'worker/sandbox/docker/seccomp.ts'

function call(name: string, from: string, to: string, ...shownBy: Evidence[]): Control {
  return { name, group: 'System calls', takeAway: [{ file: SECCOMP, from, to }], shownBy }
}

function closed(name: string, file: string, from: string, to: string, ...shownBy: Evidence[]): Control {
  return { name, group: 'The box agent', takeAway: [{ file, from, to }], shownBy }
}

const inside: Evidence = { test: 'tests/sandbox/seccomp.test.ts' }

/** The arguments that the filter of system calls looks at, and what keeps a program and its agent apart. */
export const CALL_CONTROLS: readonly Control[] = [
  call(
    'what is on no list is refused',
    "defaultAction: 'SCMP_ACT_ERRNO',\n    architectures",
    "defaultAction: 'SCMP_ACT_ALLOW' as 'SCMP_ACT_ERRNO',\n    architectures",
    {
      fact: 'keyctl',
    },
  ),
  call(
    'native architecture only',
    "architectures: [ARCHITECTURES[architecture] ?? 'SCMP_ARCH_X86_64']",
    "architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32']",
    { fact: 'x32 getpid' },
  ),
  call('families of sockets', "allow('socket', equal(0, AF_UNIX)),", "allow('socket'),", { fact: 'socket AF_VSOCK' }),
  call(
    'types of sockets',
    "allow('socket', equal(0, family), bits(1, TYPE, type), equal(2, protocol))",
    "allow('socket', equal(0, family), equal(2, protocol))",
    inside,
  ),
  call(
    'protocols of sockets',
    "allow('socket', equal(0, family), bits(1, TYPE, type), equal(2, protocol))",
    "allow('socket', equal(0, family), bits(1, TYPE, type))",
    inside,
  ),
  call(
    "the kernel's own sockets",
    "allow('socket', equal(0, AF_NETLINK), equal(2, NETLINK_ROUTE)),",
    "allow('socket', equal(0, AF_NETLINK)),",
    { fact: 'socket AF_NETLINK audit' },
  ),
  call(
    'no new namespaces by clone',
    "allow('clone', bits(0, NEW_NAMESPACE, 0)),",
    "allow('clone'),",
    { fact: 'clone a user namespace' },
    inside,
  ),
  call(
    'no new namespaces by unshare',
    "allow('unshare', bits(0, NOT_A_THREADS_OWN, 0)),",
    "allow('unshare'),",
    { fact: 'unshare a user namespace' },
    inside,
  ),
  call('no device nodes', '      ...deviceless(),\n', "      allow('mknod mknodat'),\n", inside),
  call('no merged memory', '      ...unmerged(),\n', "      allow('madvise'),\n", inside),
  call('no other execution domain', '      ...plainLinux(),\n', "      allow('personality'),\n", inside),
  closed('a user of its own for each learner', 'worker/sandbox/docker/box-users.ts', "if (role !== 'subject') return", 'if (role) return', {
    test: 'tests/sandbox/box-users.test.ts',
  }),
  closed("init's memory and pipes are closed", 'sandbox-images/base/Dockerfile', ' LD_PRELOAD=/opt/closed/closed.so', '', {
    attacks: [27, 28],
  }),
  closed(
    "the agent's memory and pipes are closed",
    'sandbox-images/agent/main.go',
    'syscall.PR_SET_DUMPABLE, 0, 0)',
    'syscall.PR_SET_DUMPABLE, 1, 0)',
    {
      attacks: [27, 28],
    },
  ),
]
