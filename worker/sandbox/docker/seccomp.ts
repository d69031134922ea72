/*
 * The system calls that a box may make: an allow-list of our own. What is not named here fails with EPERM, as if the caller
 * lacked the right; calls newer than the list's newest fail with ENOSYS (the container runtime sees to that), so that
 * libraries fall back to what they did before.
 *
 * Left out on purpose, since none of them serves a program under test: ptrace and process_vm_* (other processes' memory),
 * io_uring_* (calls past this filter), keyctl, add_key, request_key (keyrings cross boxes), userfaultfd, bpf,
 * perf_event_open, memfd_secret, vmsplice, name_to_handle_at, open_by_handle_at, mq_* (kernel objects outside the memory
 * limit), mount, umount2, pivot_root, chroot, setns, unshare and all else about namespaces, modules, clocks, quotas and the host.
 */
export type SeccompProfile = {
  defaultAction: 'SCMP_ACT_ERRNO'
  architectures: string[]
  syscalls: SeccompRule[]
}

type SeccompRule = {
  names: string[]
  action: 'SCMP_ACT_ALLOW' | 'SCMP_ACT_ERRNO'
  errnoRet?: number
  args?: { index: number; value: number; valueTwo?: number; op: 'SCMP_CMP_EQ' | 'SCMP_CMP_MASKED_EQ' }[]
}

const ALLOWED: Record<string, string> = {
  'files: open, read, write, and what stands about them':
    'open openat openat2 creat close close_range read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 lseek dup dup2 dup3 fcntl flock ioctl truncate ftruncate fallocate fadvise64 readahead sendfile copy_file_range splice tee umask',
  'files: names and folders':
    'access faccessat faccessat2 stat fstat lstat newfstatat statx readlink readlinkat getdents getdents64 getcwd chdir fchdir mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 link linkat symlink symlinkat mknod mknodat statfs fstatfs ustat',
  'files: owner, mode, times, attributes':
    'chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat utime utimes futimesat utimensat getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr',
  'files: to the disk': 'sync fsync fdatasync syncfs sync_file_range',
  'file events': 'inotify_init inotify_init1 inotify_add_watch inotify_rm_watch',
  memory:
    'brk mmap munmap mremap mprotect madvise msync mincore mlock mlock2 munlock mlockall munlockall membarrier pkey_alloc pkey_free pkey_mprotect map_shadow_stack',
  'memory shared within the box': 'shmget shmat shmctl shmdt semget semop semctl semtimedop msgget msgsnd msgrcv msgctl',
  'processes: make, run, wait, end':
    'fork vfork execve execveat exit exit_group wait4 waitid kill tkill tgkill pidfd_open pidfd_send_signal',
  'processes: who and where':
    'getpid getppid gettid getpgid getpgrp getsid setpgid setsid set_tid_address getuid geteuid getgid getegid getresuid getresgid getgroups setuid setgid setreuid setregid setresuid setresgid setgroups setfsuid setfsgid capget capset prctl arch_prctl uname sysinfo getcpu',
  'processes: limits and priority':
    'getrlimit setrlimit prlimit64 getrusage getpriority setpriority ioprio_get ioprio_set sched_yield sched_getaffinity sched_setaffinity sched_getparam sched_setparam sched_getscheduler sched_setscheduler sched_getattr sched_setattr sched_get_priority_max sched_get_priority_min sched_rr_get_interval',
  'threads and what they wait on': 'futex futex_waitv futex_wake futex_wait futex_requeue set_robust_list get_robust_list rseq',
  signals:
    'rt_sigaction rt_sigprocmask rt_sigpending rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_sigqueueinfo rt_tgsigqueueinfo sigaltstack signalfd signalfd4 pause restart_syscall',
  'waiting for many things':
    'poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 eventfd eventfd2',
  'pipes and sockets (socket itself: below)':
    'pipe pipe2 bind listen accept accept4 connect getsockname getpeername getsockopt setsockopt sendto recvfrom sendmsg recvmsg sendmmsg recvmmsg shutdown',
  'time: read, wait, set an alarm':
    'time gettimeofday clock_gettime clock_getres clock_nanosleep nanosleep alarm getitimer setitimer times timer_create timer_delete timer_getoverrun timer_gettime timer_settime timerfd_create timerfd_gettime timerfd_settime',
  chance: 'getrandom',
}

const EPERM_IS_DEFAULT = 'SCMP_ACT_ERRNO'
const ENOSYS = 38

const AF_UNIX = 1
const AF_INET = 2
const AF_INET6 = 10
const AF_NETLINK = 16
/** The kernel's "whatever fits", TCP and UDP: no raw sockets, and none of the protocols that few have looked at. */
const PROTOCOLS = [0, 6, 17]
/** How libraries list network interfaces. */
const NETLINK_ROUTE = 0

/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET: new processes and threads, no new namespaces. */
const NEW_NAMESPACE = 0x7e02_0000

/** Only the machine's own way of calling: no 32-bit entry, whose numbers mean other calls. */
const ARCHITECTURES: Record<string, string> = { amd64: 'SCMP_ARCH_X86_64', arm64: 'SCMP_ARCH_AARCH64' }

/** The profile for engines of this architecture (Docker's word for it), in Docker's format. */
export function seccompProfile(architecture: string): SeccompProfile {
  return {
    defaultAction: EPERM_IS_DEFAULT,
    architectures: [ARCHITECTURES[architecture] ?? 'SCMP_ARCH_X86_64'],
    syscalls: [
      ...Object.values(ALLOWED).map(names => allow(names.split(' '))),
      allow(['socketpair'], { 0: AF_UNIX }),
      allow(['socket'], { 0: AF_UNIX }),
      ...[AF_INET, AF_INET6].flatMap(family => PROTOCOLS.map(protocol => allow(['socket'], { 0: family, 2: protocol }))),
      allow(['socket'], { 0: AF_NETLINK, 2: NETLINK_ROUTE }),
      {
        names: ['clone'],
        action: 'SCMP_ACT_ALLOW',
        args: [{ index: 0, value: NEW_NAMESPACE, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' }],
      },
      // Its flags stand in memory, where a filter can't look; libraries fall back to clone when it isn't there.
      { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: ENOSYS },
    ],
  }
}

/** Allows calls, if given only with these values of their arguments (by index). */
function allow(names: string[], values: Record<number, number> = {}): SeccompRule {
  const args = Object.entries(values).map(([index, value]) => ({ index: Number(index), value, op: 'SCMP_CMP_EQ' as const }))
  return { names, action: 'SCMP_ACT_ALLOW', ...(args.length > 0 && { args }) }
}
