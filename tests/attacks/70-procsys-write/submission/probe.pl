require './calls.pl';

# Every file below /proc/sys, /sys and the control groups: none may be opened for writing.
my ($tried, $open) = (0, 0);
for my $top ('/proc/sys', '/sys', '/proc/irq', '/proc/bus', '/proc/fs', '/proc/acpi', '/proc/scsi', '/dev/mqueue') {
  walk($top, sub {
    my ($path) = @_;
    return 0 if $tried > 40_000;
    return 1 if -l $path || !-f $path;
    $tried++;
    if (sysopen my $file, $path, 1 | 04000) { print "OPEN write $path\n" if $open++ < 20 }
    return 1;
  });
}
print "shut write to all of them\n" unless $open;

# The known ways from there to root on the host, each by name, with the content of the exploit.
my %writes = (
  '/proc/sys/kernel/core_pattern' => '|/work/server.js', '/proc/sys/kernel/modprobe' => '/work/server.js', '/proc/sysrq-trigger' => 'h',
  '/proc/sys/kernel/hotplug' => '/work/x', '/proc/sys/fs/binfmt_misc/register' => ':x:M::x::/work/x:', '/proc/sys/vm/panic_on_oom' => '1',
  '/proc/sys/kernel/poweroff_cmd' => '/work/x', '/proc/sys/kernel/usermodehelper/bset' => "0 0", '/proc/sys/kernel/ns_last_pid' => '1', '/proc/sys/vm/drop_caches' => '3',
  '/proc/sys/net/ipv4/ip_forward' => '1', '/proc/sys/net/ipv6/conf/all/disable_ipv6' => '0', '/proc/sys/net/ipv4/ping_group_range' => '0 2147483647', '/proc/sys/kernel/shmmax' => '1',
  '/sys/kernel/uevent_helper' => '/work/x', '/sys/kernel/mm/ksm/run' => '1', '/sys/power/state' => 'mem', '/sys/kernel/vmcoreinfo' => 'x', '/sys/module/firmware_class/parameters/path' => '/work',
  '/sys/fs/cgroup/release_agent' => '/work/x', '/sys/fs/cgroup/cgroup.procs' => $$, '/sys/fs/cgroup/memory.max' => 'max', '/sys/fs/cgroup/pids.max' => 'max',
  (map { ("/sys/fs/cgroup/$_/release_agent" => '/work/x', "/sys/fs/cgroup/$_/notify_on_release" => '1', "/sys/fs/cgroup/$_/cgroup.procs" => $$) } qw(memory pids cpu devices freezer rdma systemd)),
  '/sys/fs/cgroup/memory/memory.limit_in_bytes' => '-1', '/sys/fs/cgroup/memory/memory.oom_control' => '1', '/sys/fs/cgroup/pids/pids.max' => 'max', '/sys/fs/cgroup/devices/devices.allow' => 'a',
  '/proc/self/oom_score_adj' => '-1000', '/proc/self/oom_adj' => '-17', '/proc/self/attr/exec' => 'unconfined', '/proc/self/attr/current' => 'changeprofile unconfined',
  '/proc/1/oom_score_adj' => '-1000', '/proc/1/timerslack_ns' => '1',
);
delete @writes{'/proc/self/oom_score_adj', '/proc/1/oom_score_adj'} if $main::gvisor;
for my $path (sort grep { defined $writes{$_} } keys %writes) {
  my $worked = sysopen my $file, $path, 1 | 04000;
  $worked &&= defined syswrite $file, $writes{$path};
  answer("write $path", $worked);
}
for my $controller (glob '/sys/fs/cgroup /sys/fs/cgroup/*') { next unless -d $controller; answer("group in $controller", mkdir "$controller/mine") }

# What the kernel knows of the host: masked, empty, or not for this user.
for my $path (qw(/proc/kcore /proc/kmsg /proc/keys /proc/timer_list /proc/sched_debug /proc/latency_stats /proc/slabinfo /proc/vmallocinfo /proc/kpagecount /proc/kpageflags /proc/1/pagemap
  /proc/pagetypeinfo /proc/sysrq-trigger /sys/firmware/acpi/tables/DSDT /sys/firmware/dmi/tables/DMI /sys/kernel/debug/x /sys/kernel/tracing/trace /sys/kernel/security/lsm /sys/fs/pstore/x
  /sys/class/dmi/id/product_serial /sys/class/dmi/id/product_uuid /sys/class/dmi/id/board_serial /sys/class/powercap/intel-rapl:0/energy_uj /boot/config /dev/kmsg /dev/mem /dev/port /proc/self/stack)) {
  my $bytes = sysopen(my $file, $path, 04000) ? sysread $file, my $text, 64 : undef;
  print $bytes ? "OPEN read $path\n" : defined $bytes ? "shut read $path empty\n" : "shut read $path " . why() . "\n";
}
# Where the kernel's code lies, in its own addresses.
my $addresses = 0;
for my $path ('/proc/kallsyms', '/proc/modules', '/proc/iomem') {
  open my $file, '<', $path or next;
  while (<$file>) { $addresses++ if /(?:0x)?[1-9a-f][0-9a-f]{11,15}\b/ && !/^0{8,16}/ }
}
print $addresses ? "OPEN $addresses kernel addresses\n" : "shut kernel addresses\n";

# The calls for it.
call('syslog', [103, 116], 3, my $log = "\0" x 256, 256);
call('init_module', [175, 105], "\0" x 64, 64, "");
call('finit_module', [313, 273], 0, "", 0);
call('delete_module', [176, 106], "overlay", 0);
call('kexec_load', [246, 104], 0, 0, 0, 0);
call('reboot', [169, 142], 0xfee1dead, 672274793, 0x89abcdef, 0);
call('swapon', [167, 224], "/tmp/x", 0);
call('acct', [163, 89], "/tmp/x");
call('settimeofday', [164, 170], pack('qq', 0, 0), 0);
call('clock_settime', [227, 112], 0, pack('qq', 0, 0));
call('adjtimex', [159, 171], my $timex = "\0" x 208);
call('quotactl', [179, 60], 0x800002 << 8, "/dev/vda", 0, 0);
call('vhangup', [153, 58]);
print "tried ", $tried > 500 ? 'hundreds of' : 'few', " files\n";
