require './calls.pl';

# The box agent holds the line to the worker and runs as this very user. Whoever reads its memory or writes to its descriptors
# speaks for it: says that the program listens, that it ended, that the box ran out of memory.
my @others = grep { $_ != $$ && $_ != getppid() } map { m{/(\d+)$} } glob '/proc/[0-9]*';
for my $process (@others) {
  my $who = join ' ', map { s/.*\///r } (split /\0/, do { open my $line, '<', "/proc/$process/cmdline"; local $/; <$line> // '' })[0, 1];
  next unless $who =~ /init|tini|agent|node/;
  # gVisor asks who may look into memory, and not who may take a descriptor: there the box agent is anybody's, and believed
  # only where its lies harm the liar.
  for my $file ($main::gvisor ? qw(mem pagemap syscall stack) : qw(mem environ maps auxv pagemap personality syscall stack)) {
    my $worked = sysopen my $open, "/proc/$process/$file", 0;
    # Some files open and then tell nothing.
    my $bytes = $worked && $file ne 'mem' ? sysread $open, my $text, 64 : $worked;
    print $bytes ? "OPEN read $file of $who\n" : "shut read $file of $who " . why() . "\n";
  }
  answer("write mem of $who", sysopen my $memory, "/proc/$process/mem", 2);
  for my $number ($main::gvisor ? () : 0 .. 20) {
    for my $way ([read => 0], [write => 1]) {
      sysopen my $end, "/proc/$process/fd/$number", $way->[1] | 04000 or next;
      print "OPEN $way->[0] descriptor $number of $who\n" if readlink("/proc/$process/fd/$number") !~ m{^/dev/(null|urandom)};
    }
  }
  $main::gvisor or answer("list descriptors of $who", opendir my $list, "/proc/$process/fd");
  answer("root of $who", opendir my $root, "/proc/$process/root");
  answer("working folder of $who", chdir "/proc/$process/cwd");
  answer("program of $who", defined readlink "/proc/$process/exe");
  my $pidfd = syscall 434, $process, 0;
  call("take descriptor $_ of $who", 438, $pidfd, $_, 0) for 0 .. 2;

  # Node opens its inspector at a signal: then anybody on the loopback runs code inside.
  kill 'USR1', $process;
}
select undef, undef, undef, 0.5;
use Socket;
for my $port (9229 .. 9232, 5858) {
  socket my $inspector, AF_INET, SOCK_STREAM, 0;
  my $worked = connect $inspector, sockaddr_in($port, inet_aton '127.0.0.1');
  print $worked ? "OPEN inspector on $port\n" : "shut inspector on $port " . why() . "\n";
}
print 'tried ', @others ? 'everybody' : 'nobody', " in the box\n";
