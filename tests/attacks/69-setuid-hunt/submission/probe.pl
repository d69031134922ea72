require './calls.pl';

# What it is, as the kernel says.
my %status;
open my $file, '<', '/proc/self/status';
while (<$file>) { $status{$1} = $2 if /^(\w+):\s+(.*)/ }
# gVisor's list is shorter; what it leaves out is asked below.
$status{NoNewPrivs} //= syscall $main::arm ? 167 : 157, 39, 0, 0, 0, 0;
$status{CapAmb} //= '0' x 16;
my %wanted = (NoNewPrivs => '1', Seccomp => '2', Uid => undef, CapInh => '0' x 16, CapPrm => '0' x 16, CapEff => '0' x 16, CapBnd => '0' x 16, CapAmb => '0' x 16);
for my $name (sort keys %wanted) {
  my $good = defined $wanted{$name} ? $status{$name} eq $wanted{$name} : $status{$name} !~ /\b0\b/;
  print $good ? "shut $name is $status{$name}\n" : "OPEN $name is $status{$name}\n";
}

# Programs that would make it somebody else: by their mode, or by capabilities of their own.
my ($files, $name, $value) = (0, "security.capability\0", "\0" x 64);
walk('/', sub {
  my ($path) = @_;
  return 0 if $path =~ m{^/(proc|sys|dev)$};
  my @stat = lstat $path or return 0;
  return 1 if -l _ || !-f _;
  $files++;
  print "OPEN set-id $path\n" if $stat[2] & 06000;
  my $file = "$path\0";
  print "OPEN capabilities of $path\n" if syscall($main::arm ? 9 : 192, $file, $name, $value, 64) > 0;
});
for my $line ('su -c true', 'sudo -n true', 'newgrp root', 'mount /tmp', 'passwd -d root', 'chsh -s /bin/sh', 'gpasswd -a box root', 'pkexec true') {
  my $words = `$line </dev/null 2>&1`;
  print $? == 0 ? "OPEN $line\n" : "shut $line\n";
}

# Becoming somebody else by itself.
call("setuid $_", [105, 146], $_) for 0, 1, 65534;
call('setgid', [106, 144], 0);
call('setreuid', [113, 145], 0, 0);
call('setresuid', [117, 147], 0, 0, 0);
call('setresgid', [119, 149], 0, 0, 0);
call('setgroups', [116, 159], 1, pack 'I', 0);
call('capset', [126, 91], pack('Ii', 0x20080522, 0), pack('I6', ~0, ~0, ~0, ~0, ~0, ~0));
call('prctl no_new_privs off', [157, 167], 38, 0, 0, 0, 0);
call("prctl raise ambient $_", [157, 167], 47, 2, $_, 0, 0) for 0, 6, 12, 21;
call('prctl securebits', [157, 167], 28, 0x2f, 0, 0, 0);
call('prctl keep capabilities', [157, 167], 24, 21, 0, 0, 0);
call('prctl mm exe file', [157, 167], 35, 13, 0, 0, 0);
# Priorities are gVisor's own, and so is the memory that it loads a program into.
$main::gvisor or call('priority', [141, 140], 0, 0, -20);
call('real-time scheduling', [144, 119], 0, 1, pack 'i', 50);
call('above its limits', [302, 261], 0, 7, pack('QQ', 1 << 20, 1 << 20), 0);

# Making such a program, and having the linker bring code into the next one that has it.
for my $folder ('/work', '/tmp', '/dev/shm') {
  my $copy = "$folder/me";
  system "cp /bin/true $copy 2>/dev/null";
  answer("chown in $folder", chown 0, 0, $copy);
  chmod 06755, $copy;
  print system("$copy 2>/dev/null") == 0 ? "OPEN ran $copy\n" : "shut run $copy\n";
  $main::gvisor or print system("/lib64/ld-linux-x86-64.so.2 $copy 2>/dev/null || /lib/ld-linux-aarch64.so.1 $copy 2>/dev/null") == 0 ? "OPEN loaded $copy\n" : "shut load $copy\n";
}
for my $path ('/etc/passwd', '/etc/shadow', '/etc/group', '/etc/ld.so.preload', '/etc/sudoers', '/usr/local/bin/node', '/bin/sh', '/etc/pam.d/su', '/root/.profile') {
  answer("write $path", open my $file, '>>', $path);
  answer("chmod $path", chmod 04755, $path);
}
answer('read /etc/shadow', open my $shadow, '<', '/etc/shadow');
answer('list /root', opendir my $root, '/root');
print "looked at ", $files > 1000 ? 'thousands of' : 'few', " files\n";
