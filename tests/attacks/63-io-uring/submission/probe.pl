require './calls.pl';

# Rings: their operations pass by a filter of system calls, so there must be none. Same numbers on both machines.
my %kinds = (plain => 0, polled => 1, 'a kernel thread' => 2, disabled => 1 << 6, 'single issuer' => 1 << 12, 'no mmap' => 1 << 14);
for my $kind (sort keys %kinds) {
  my $parameters = pack('I3', 0, 0, $kinds{$kind}) . "\0" x 108;
  my $ring = call("io_uring_setup $kind", 425, 8, $parameters);
  next if $ring == -1;
  call("io_uring_enter $kind", 426, $ring, 1, 0, 0, 0, 0);
  call("io_uring_register $kind", 427, $ring, 9, 0, 0);
}
call('io_uring_enter', 426, 3, 1, 0, 0, 0, 0);
call('io_uring_register', 427, 3, 2, 0, 0);
# Rings without a descriptor: -1 stands for all of the process's own.
call('io_uring_register of no ring', 427, 0xffffffff, 0, 0, 0);

# The older way to hand the kernel work.
my $context = "\0" x 8;
call('io_setup', [206, 0], 8, $context);
call('io_submit', [209, 2], 0, 0, 0);
call('io_destroy', [207, 1], 0);
call('io_pgetevents', [333, 292], 0, 0, 0, 0, 0, 0);
print "tried every ring\n";
