require './calls.pl';

# Descriptors that the runtime forgot (CVE-2024-21626, CVE-2016-9962): folders of the host, sockets, files, by every process's list.
my @root = stat '/';
# What a host has and this box hasn't.
my @hosts = grep { !-e "/$_" } ('var/lib/docker', 'var/lib/containerd', 'run/docker.sock', 'etc/shadow-', 'boot/vmlinuz', 'lib/modules', 'root/.ssh', 'run/containerd');
sub escaped {
  my ($path, $what) = @_;
  for my $up ('', '/..', '/../..', '/../../../../../../../../..') {
    my @stat = stat "$path$up/." or next;
    my $found = grep { -e "$path$up/$_" } @hosts;
    # The same root by another name is no way out.
    print "OPEN $what$up leads out\n" if $found || ($up =~ /(\.\.\/?){8}/ && ($stat[0] != $root[0] || $stat[1] != $root[1]));
  }
}
my ($looked, $files) = (0, 0);
for my $process (map { m{/(\d+)$} } glob '/proc/[0-9]*') {
  for my $link ("/proc/$process/cwd", "/proc/$process/root", glob "/proc/$process/fd/*") {
    my $target = readlink $link // next;
    $looked++;
    escaped($link, "$process $target") if -d $link;
    print "OPEN $link is $target\n" if $target =~ m{^/(sys/fs/cgroup|var/lib|run/|host|mnt)} || $target =~ /docker|containerd|runc|overlay2|memfd/;
    # A file that no path of this box leads to any more.
    if ($target =~ m{^/} && $target !~ m{^/(dev|proc|work|tmp|usr|lib|etc|opt)} && $target ne '/') { $files++; print "OPEN $link is the outside file $target\n" }
  }
}
# By number, as the exploit does: none of the first thousand is a folder that leads up.
for my $number (3 .. 1023) {
  my $parent = "../../../../../etc/hostname\0";
  my $got = syscall($main::arm ? 56 : 257, $number, $parent, 0, 0);
  print "OPEN descriptor $number leads to a file\n" if $got >= 0;
  POSIX::close($got) if $got >= 0;
}
for my $number (5 .. 12) {
  if (chdir "/proc/self/fd/$number") { escaped('.', "working folder $number") }
  chdir '/work';
}
# A working folder that is gone, or above the root.
mkdir '/tmp/gone'; chdir '/tmp/gone'; rmdir '/tmp/gone';
escaped('.', 'a folder that is gone');
chdir '/work';
chdir '..' for 1 .. 100;
my @here = stat '.';
print $here[1] == $root[1] && $here[0] == $root[0] ? "shut the root is the root\n" : "OPEN above the root\n";
chdir '/work';
# Names of mounts that come from the host: only the engine's own files, none of them a folder.
open my $mounts, '<', '/proc/self/mountinfo';
while (<$mounts>) {
  my @field = split / /;
  my ($kind) = / - (\S+) /;
  next if $kind !~ /^(ext|xfs|btrfs|zfs|9p|nfs|virtiofs)/;
  print "OPEN a folder of the host at $field[4]\n" if -d $field[4] && $field[4] ne '/';
  print "OPEN writable file of the host at $field[4]\n" if -w $field[4];
}
print 'looked at ', $looked > 10 ? 'every' : 'no', " descriptor\n";
