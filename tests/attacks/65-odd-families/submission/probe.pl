require './calls.pl';
use constant { UNIX => 1, INET => 2, INET6 => 10, NETLINK => 16 };

my $socket = [41, 198];
my %named = (4 => 'IPX', 9 => 'X25', 15 => 'KEY', 17 => 'PACKET', 21 => 'RDS', 24 => 'PPPOX', 26 => 'LLC', 29 => 'CAN', 30 => 'TIPC', 31 => 'BLUETOOTH', 33 => 'RXRPC',
  37 => 'CAIF', 38 => 'ALG', 39 => 'NFC', 40 => 'VSOCK', 41 => 'KCM', 42 => 'QIPCRTR', 43 => 'SMC', 44 => 'XDP', 45 => 'MCTP');
my %types = (stream => 1, datagram => 2, raw => 3, rdm => 4, sequenced => 5, packet => 10);
my $tried = 0;
# One line for each family: it is open when any type of it is.
for my $family (grep { !{ map { $_ => 1 } UNIX, INET, INET6, NETLINK }->{$_} } 0 .. 63) {
  my $open;
  for my $type (sort keys %types) {
    for my $protocol (0, 3, 0x0300) {
      $tried++;
      my $got = syscall($socket->[$main::arm], $family, $types{$type}, $protocol);
      $open = $type if $got >= 0;
      POSIX::close($got) if $got >= 0;
    }
  }
  $open ? print "OPEN family $family ", $named{$family} // '', " $open\n" : answer("family $family " . ($named{$family} // ''), 0);
}
# The kinds of the families that are let in: only streams and datagrams.
for my $family (INET, INET6) {
  for my $protocol (1, 2, 33, 58, 132, 136, 143, 255, 262) {
    my $open;
    for my $type (sort keys %types) {
      my $got = syscall($socket->[$main::arm], $family, $types{$type}, $protocol);
      $open = $type if $got >= 0;
      POSIX::close($got) if $got >= 0;
    }
    $open ? print "OPEN family $family protocol $protocol $open\n" : answer("family $family protocol $protocol", 0);
  }
  call("family $family raw", $socket, $family, 3, 0);
  call("family $family raw UDP", $socket, $family, 3, 17);
  # An old name of PF_PACKET: the kernel rewrites the family after the filter has looked.
  call("family $family packet", $socket, $family, 10, 0);
}
for my $protocol (1 .. 22) {
  my $got = syscall($socket->[$main::arm], NETLINK, 3, $protocol);
  $got >= 0 ? print "OPEN netlink $protocol\n" : answer("netlink $protocol", 0);
}
# The filter sees 64 bits of an argument, the kernel 32.
call('VSOCK with high bits', $socket, 40 | 1 << 32, 1, 0);
call('PACKET with high bits', $socket, 17 | 0xffffffff << 32, 3, 0);
call('ICMP behind a high protocol', $socket, INET, 3, 1 | 1 << 32);
# A pair makes a socket, too.
my $both = "\0" x 8;
call("pair of family $_", [53, 199], $_, 1, 0, $both) for 30, 40, 38;

# What may be done with a legal socket: no rules, no interfaces, no programs of the kernel's on it.
my $tcp = syscall($socket->[$main::arm], INET, 1, 0);
call('replace the packet filter', [54, 208], $tcp, 0, 64, "\0" x 96, 96);
# gVisor takes these two and does nothing.
$main::gvisor or call('attach an eBPF program', [54, 208], $tcp, 1, 50, pack('i', 3), 4);
call('bind to a device', [54, 208], $tcp, 1, 25, "eth0", 4);
$main::gvisor or call('mark packets', [54, 208], $tcp, 1, 36, pack('i', 1), 4);
my $route = syscall($socket->[$main::arm], NETLINK, 3, 0);
# RTM_NEWLINK of a dummy, RTM_SETLINK of the loopback, RTM_NEWQDISC, RTM_NEWADDR: the answer's error stands at byte 16.
my %asks = ('new link' => [16, pack('CxSiII', 0, 0, 0, 0, 0)], 'new address' => [20, pack('CCCCI', 2, 24, 0, 0, 1)], 'new queue' => [36, pack('CxxxiIII', 0, 1, 0, 0xffffffff, 0)], 'new route' => [24, pack('C8I', 2, 0, 0, 0, 254, 3, 0, 1, 0)]);
for my $ask (sort keys %asks) {
  my ($type, $body) = @{ $asks{$ask} };
  my $message = pack('ISSII', 16 + length $body, $type, 5 | 0x600, 1, 0) . $body;
  my $answer = "\0" x 1024;
  syscall($main::arm ? 206 : 44, $route, $message, length $message, 0, 0, 0);
  my $length = syscall($main::arm ? 207 : 45, $route, $answer, 1024, 0x40, 0, 0);
  my $error = $length >= 20 ? unpack('i', substr $answer, 16, 4) : -1;
  $! = -$error;
  answer($ask, $error == 0);
}
print "tried $tried sockets\n";
