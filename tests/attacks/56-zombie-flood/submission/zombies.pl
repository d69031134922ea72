# A child that dies after its parent is init's to bury: many times more of them than the box may have processes. Then as many
# dead children as there is room for, which are never waited for.
use strict;
$| = 1;
my $orphans = 0;
while ($orphans < 512) {
  my $child = fork;
  if (!defined $child) { select undef, undef, undef, 0.001; next }
  if ($child == 0) { for (1 .. 4) { my $orphan = fork; exit 0 if defined $orphan && $orphan == 0 } exit 0 }
  waitpid $child, 0;
  $orphans += 4;
  print "init buried $orphans\n" if $orphans % 16 == 0;
}
my ($dead, $refused) = (0, 0);
while ($refused < 50) {
  my $child = fork;
  exit 0 if defined $child && $child == 0;
  if (defined $child) { $dead++ } else { $refused++; select undef, undef, undef, 0.002 }
}
print "$dead unburied\n";
sleep 1 while 1;
