require './calls.pl';

# Devices: made by its own hand, or there already.
my %devices = ('mem' => [1, 1], 'port' => [1, 4], 'kmsg' => [1, 11], 'vda' => [254, 0, 'b'], 'sda' => [8, 0, 'b'], 'nvme' => [259, 0, 'b'], 'loop0' => [7, 0, 'b'], 'dm-0' => [253, 0, 'b'],
  'loop-control' => [10, 237], 'kvm' => [10, 232], 'fuse' => [10, 229], 'tun' => [10, 200], 'vhost-net' => [10, 238], 'vhost-vsock' => [10, 241], 'uinput' => [10, 223], 'snapshot' => [10, 231],
  'userfaultfd' => [10, 126], 'btrfs-control' => [10, 234], 'autofs' => [10, 235], 'mapper/control' => [10, 236], 'vfio' => [10, 196], 'tty1' => [4, 1], 'console' => [5, 1], 'fb0' => [29, 0], 'dri/card0' => [226, 0], 'nvidia0' => [195, 0]);
# gVisor has devices of its own by these names, with nothing of the host's behind them.
delete @devices{'fuse', 'tun'} if $main::gvisor;
for my $name (sort keys %devices) {
  my ($major, $minor, $block) = @{ $devices{$name} };
  my $number = ($minor & 0xff) | ($major << 8) | (($minor & ~0xff) << 12);
  (my $flat = $name) =~ tr{/}{-};
  my $made;
  for my $folder ('/tmp', '/work', '/dev/shm', '/dev', '/dev/mqueue', '/dev/pts') {
    for my $call ([133, undef], undef) {
      my $path = "$folder/$flat\0";
      my $mode = ($block ? 0060000 : 0020000) | 0666;
      my $got = $call ? ($main::arm ? -1 : syscall 133, $path, $mode, $number) : syscall($main::arm ? 33 : 259, -100, $path, $mode, $number);
      $made = "$folder/$flat" if $got == 0;
    }
  }
  # A node that nobody can open is a name (gVisor lets one be made).
  $made ? answer("open $made", sysopen my $own, $made, 2 | 04000) : answer("make $name", 0);
  # What the engine's image or device list may have left there.
  answer("open /dev/$name", sysopen my $device, "/dev/$name", 2 | 04000);
}

# All that is there is known and harmless; a terminal of its own gives no other's.
my @known = qw(core fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero console net);
push @known, 'fuse' if $main::gvisor;
opendir my $folder, '/dev';
for my $name (grep { !/^\.\.?$/ } readdir $folder) { print "OPEN unknown device /dev/$name\n" unless grep { $_ eq $name } @known }
print "shut /dev holds only what is known\n";
opendir $folder, '/dev/pts';
print "OPEN somebody's terminal /dev/pts/$_\n" for grep { /^\d+$/ } readdir $folder;
if (sysopen my $terminal, '/dev/tty', 2) { my $c = 'x'; answer('push a key into the terminal', ioctl $terminal, 0x5412, $c) }
else { answer('open /dev/tty', 0) }
for my $path (glob '/sys/class/block/*/dev /sys/class/misc/*/dev') { answer("write $path", sysopen my $file, $path, 1) if $path =~ /(vda|kvm|fuse)/ }
call('quotactl on a disk', [179, 60], 0x800002 << 8, "/dev/vda", 0, 0);
call('swap on a disk', [167, 224], "/dev/vda", 0);
print "tried every device\n";
