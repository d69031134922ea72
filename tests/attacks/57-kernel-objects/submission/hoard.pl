# Takes one kind of kernel object until the kernel says no, says how many there were, and keeps them.
use strict;
use Socket;
$| = 1;
my ($way, $arch) = @ARGV;
my $arm = $arch eq 'arm64';
my %number = $arm
  ? (inotify_init1 => 26, sendmsg => 211, mq_open => 180, timer_create => 107, epoll_create1 => 20, epoll_ctl => 21, eventfd2 => 19, timerfd_create => 85)
  : (inotify_init1 => 294, sendmsg => 46, mq_open => 240, timer_create => 222, epoll_create1 => 291, epoll_ctl => 233, eventfd2 => 290, timerfd_create => 283);
my ($count, @kept) = (0);
sub call { my $name = shift; my @given = @_; syscall $number{$name}, @given }
sub keep { print "$way $count $!\n"; sleep 1 while 1 }

my %hoard = (
  inotify => sub { $count++ while call('inotify_init1', 0) >= 0 },
  # Descriptors on their way through sockets that nobody reads: each end is closed here, and lives on in the queue.
  passed => sub {
    while (socketpair my $one, my $other, AF_UNIX, SOCK_STREAM, 0) {
      push @kept, $one, $other;
      fcntl $one, 4, 2048;
      while (1) {
        my $byte = 'x';
        my $iov = pack 'P Q', $byte, 1;
        my $control = pack 'Q l l l x4', 20, 1, 1, fileno STDOUT;
        my $message = pack 'Q l x4 P Q P Q l x4', 0, 0, $iov, 1, $control, length $control, 0;
        if (call('sendmsg', fileno $one, $message, 0) < 0) { return if $! != 11; last }
        $count++;
      }
    }
  },
  # Each as large as it may be; the kernel gives a user 16,384 pages and then only the smallest.
  pipes => sub { while (pipe my $read, my $write) { push @kept, $read, $write; fcntl $write, 1031, 1048576; $count++ } },
  mqueue => sub {
    my $opened = call('mq_open', my $name = 'queue', 0102, 0600, 0);
    print $opened < 0 ? 'shut ' : 'OPEN ';
  },
  timers => sub { my $id = pack 'q', 0; $count++ while $count < 60_000 && call('timer_create', 1, 0, $id) >= 0 },
  epoll => sub {
    my @watched = grep { $_ >= 0 } map { call('eventfd2', 0, 0) } 1 .. 400;
    for (1 .. 100) {
      my $epoll = call('epoll_create1', 0);
      for my $fd (@watched) { my $event = $arm ? pack 'L x4 Q', 1, 0 : pack 'L Q', 1, 0; $count++ if call('epoll_ctl', $epoll, 1, $fd, $event) == 0 }
    }
  },
  eventfd => sub { $count++ while call($count % 2 ? 'timerfd_create' : 'eventfd2', 1, 0) >= 0 },
  locks => sub {
    my $until = time + 1;
    while (time < $until && @kept < 900 && open my $file, '>', "/tmp/lock$count") {
      push @kept, $file;
      for my $at (1 .. 200) { my $lock = pack 's s x4 q q l x4', 1, 0, 2 * $at, 1, 0; fcntl $file, 6, $lock or return; $count++ }
    }
  },
  # Filled on both sides: on control groups of version 1 the kernel counts this memory nowhere but in a sum of its own.
  tcp => sub {
    socket my $listener, AF_INET, SOCK_STREAM, 0;
    bind $listener, sockaddr_in(0, INADDR_LOOPBACK);
    listen $listener, 500;
    for (1 .. 40) {
      socket my $one, AF_INET, SOCK_STREAM, 0 or return;
      connect $one, getsockname $listener or return;
      accept my $other, $listener or return;
      push @kept, $one, $other;
      for my $socket ($one, $other) {
        setsockopt $socket, SOL_SOCKET, $_, 4_194_304 for SO_SNDBUF, SO_RCVBUF;
        fcntl $socket, 4, 2048;
        while (my $sent = syswrite $socket, 'x' x 65536) { $count += $sent }
      }
    }
  },
  # System V: message queues and sets of semaphores.
  queues => sub {
    for (1 .. 200) { my $queue = msgget 0, 01600; last unless defined $queue; $count++; 1 while msgsnd $queue, pack('l! a*', 1, 'x' x 4096), 04000 }
    for (1 .. 200) { $count++ if defined semget 0, 250, 01600 }
  },
);
$hoard{$way}->();
keep();
