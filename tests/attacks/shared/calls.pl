# Raw system calls: each prints "shut <what> <why>", or "OPEN <what>" when it worked.
use strict;
use warnings;
use Errno;
use POSIX ();

$| = 1;
our $arm = (POSIX::uname())[4] eq 'aarch64';
# gVisor's kernel is a program of the box's own: some of what it lets happen reaches nobody else.
our $gvisor = (POSIX::uname())[3] =~ /PST 2016/;

sub why { (grep { $!{$_} } sort keys %!)[0] // "errno " . ($! + 0) }

sub answer { my ($what, $worked) = @_; print $worked ? "OPEN $what\n" : "shut $what " . why() . "\n" }

# A number stands for both machines, [x86_64, arm64] for one each; undef: no such call there.
sub call {
  my ($what, $number, @arguments) = @_;
  $number = $number->[$arm] if ref $number;
  return print "shut $what no such call\n" unless defined $number;
  my $result = syscall($number, @arguments);
  answer($what, $result != -1);
  return $result;
}

# The same in a process of its own, where being killed for it is an answer, too.
sub apart {
  my ($what, $attempt) = @_;
  my $child = fork() // return print "shut $what no process\n";
  if ($child == 0) { $attempt->(); POSIX::_exit(0) }
  waitpid $child, 0;
  print "shut $what signal " . ($? & 127) . "\n" if $? & 127;
}

# Every file and folder below one, links not followed.
sub walk {
  my ($folder, $visit) = @_;
  opendir my $open, $folder or return;
  for my $name (grep { !/^\.\.?$/ } readdir $open) {
    my $path = $folder eq '/' ? "/$name" : "$folder/$name";
    $visit->($path) or next;
    walk($path, $visit) if !-l $path && -d $path;
  }
}

1;
