# Segments of 2 MiB, each filled and never removed.
use strict;
$| = 1;
for my $count (1 .. 4096) {
  my $id = shmget 0, 2097152, 01600;
  defined $id or do { print "shmget $!\n"; sleep 60 };
  shmwrite $id, 'x' x 2097152, 0, 2097152 or print "shmwrite $!\n";
  print 2 * $count, " MiB in segments\n" if $count % 8 == 0;
}
