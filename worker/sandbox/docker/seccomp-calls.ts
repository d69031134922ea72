/*
 * Which system calls a box may make. We began with what the engine's own default profile allows a container without
 * capabilities, and took out what attacks use and no program under test needs. Both halves stand here, so that whoever
 * misses a call finds out why; tests/sandbox/seccomp.test.ts makes every one of them in a real box.
 * Calls of which only some arguments are allowed are in seccomp.ts.
 */

/** What may be called with any arguments. */
export const ALLOWED: Record<string, string> = {
  'files: open, read, write, and what stands about them':
    'open openat openat2 creat close close_range read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 lseek dup dup2 dup3 fcntl flock ioctl truncate ftruncate fallocate fadvise64 readahead sendfile copy_file_range splice tee umask',
  'files: names and folders':
    'access faccessat faccessat2 stat fstat lstat newfstatat statx readlink readlinkat getdents getdents64 getcwd chdir fchdir mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 link linkat symlink symlinkat statfs fstatfs',
  'files: owner, mode, times, attributes':
    'chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat utime utimes futimesat utimensat getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr getxattrat listxattrat',
  'files: to the disk, one at a time': 'fsync fdatasync sync_file_range',
  'file events': 'inotify_init inotify_init1 inotify_add_watch inotify_rm_watch',
  memory:
    'brk mmap munmap mremap mprotect msync mincore mlock mlock2 munlock mlockall munlockall membarrier pkey_alloc pkey_free pkey_mprotect map_shadow_stack mseal',
  'memory shared within the box': 'shmget shmat shmctl shmdt semget semop semctl semtimedop msgget msgsnd msgrcv msgctl',
  'processes: make, run, wait, end':
    'fork vfork execve execveat exit exit_group wait4 waitid kill tkill tgkill pidfd_open pidfd_send_signal',
  'processes: who and where':
    'getpid getppid gettid getpgid getpgrp getsid setpgid setsid set_tid_address getuid geteuid getgid getegid getresuid getresgid getgroups setuid setgid setreuid setregid setresuid setresgid setgroups setfsuid setfsgid capget capset prctl arch_prctl uname sysinfo getcpu',
  'processes: limits and priority':
    'getrlimit setrlimit prlimit64 getrusage getpriority setpriority ioprio_get ioprio_set sched_yield sched_getaffinity sched_setaffinity sched_getparam sched_setparam sched_getscheduler sched_setscheduler sched_getattr sched_setattr sched_get_priority_max sched_get_priority_min sched_rr_get_interval',
  'threads and what they wait on': 'futex futex_waitv futex_wake futex_wait futex_requeue set_robust_list get_robust_list rseq',
  // uretprobe is made by the kernel itself, in every process of the host, when the operator traces a function's return.
  signals:
    'rt_sigaction rt_sigprocmask rt_sigpending rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_sigqueueinfo rt_tgsigqueueinfo sigaltstack signalfd signalfd4 pause restart_syscall uretprobe',
  'waiting for many things':
    'poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 eventfd eventfd2',
  'pipes and sockets, once there':
    'pipe pipe2 bind listen accept accept4 connect getsockname getpeername getsockopt setsockopt sendto recvfrom sendmsg recvmsg sendmmsg recvmmsg shutdown',
  'time: read, wait, set an alarm':
    'time gettimeofday clock_gettime clock_getres clock_nanosleep nanosleep alarm getitimer setitimer times timer_create timer_delete timer_getoverrun timer_gettime timer_settime timerfd_create timerfd_gettime timerfd_settime',
  chance: 'getrandom',
}

/**
 * What the engine's default allows a container without capabilities and we don't, by reason. All else that the default
 * allows is older names of these calls for 32-bit programs, which can't run here.
 */
export const WITHHELD: Record<string, string> = {
  "reads and writes other processes' memory; debuggers are not graded": 'ptrace process_vm_readv process_vm_writev',
  'keys outlive the box that made them, and boxes of one user share them: a way to pass notes': 'add_key request_key keyctl',
  'handles name files past the box’s own mounts': 'name_to_handle_at',
  'memory outside the box’s accounts, or hidden from the kernel itself':
    'memfd_secret mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr',
  'lends its pages to pipes, which several ways to overwrite read-only files began with': 'vmsplice',
  // ZGC and PHP's JIT try it first and then take other memory.
  'makes files on no mount, so that noexec doesn’t hold for them': 'memfd_create',
  'requests in flight are counted for the whole host, and one box could take them all; databases have a setting without':
    'io_setup io_submit io_getevents io_pgetevents io_cancel io_destroy',
  'write out the disks of the whole host, for everybody to wait; a file’s own fsync is allowed': 'sync syncfs',
  'says which files others have read lately: a side channel': 'cachestat',
  'marks on a folder that stays: the next start of a program would read what the one before it noted':
    'setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr setxattrat removexattrat',
  'the clock is the host’s': 'adjtimex clock_adjtime',
  'segments for 16- and 32-bit code, with a history of holes': 'modify_ldt',
  'long replaced by mmap': 'remap_file_pages',
  'further filters and rules that a program puts on itself: large interfaces that nothing under test needs':
    'seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self',
  'new ways to list mounts; /proc says what is needed': 'statmount listmount',
  'for those who end processes when memory is short': 'process_mrelease',
  'of no use without fanotify_init, which needs a capability': 'fanotify_mark',
}
