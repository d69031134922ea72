// Looks for every way into a log that is not the box's own, and has three hundred processes crash at a bad address.
import { spawnSync } from 'node:child_process'
import { openSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'

const number = process.arch === 'arm64' ? 116 : 103
const ask = `for my $what (2, 3, 5, 8, 10) { my $text = "x" x 4096; print syscall(${number}, $what, $text, 4096) < 0 ? "shut" : "OPEN ", " syslog $what $!\\n" }`
const sockets = `
use Socket;
for my $path ("/dev/log", "/run/systemd/journal/dev-log", "/run/systemd/journal/socket", "/run/systemd/journal/stdout", "\\0/dev/log", "/var/run/syslog") {
  for my $type (SOCK_DGRAM, SOCK_STREAM) {
    socket my $socket, AF_UNIX, $type, 0;
    print connect($socket, pack_sockaddr_un($path)) ? "OPEN " : "shut", " $path $!\\n";
  }
}
socket my $udp, AF_INET, SOCK_DGRAM, 0;
connect $udp, sockaddr_in(514, INADDR_LOOPBACK);
send $udp, "<0>flood", 0;
print defined send($udp, "<0>flood", 0) ? "OPEN " : "shut", " udp 514 $!\\n";
print socket(my $audit, 16, SOCK_RAW, 9) ? "OPEN " : "shut", " audit $!\\n";
`
createServer(() => {
  for (const script of [ask, sockets]) process.stdout.write(spawnSync('/usr/bin/perl', ['-e', script], { encoding: 'utf8' }).stdout)
  for (const file of ['/dev/kmsg', '/proc/kmsg', '/dev/console', '/dev/tty0', '/dev/ttyS0', '/sys/kernel/debug/tracing/trace_marker']) {
    try {
      writeSync(openSync(file, 'a'), '<0>flood\n'.repeat(10))
      console.log('OPEN ', file)
    } catch (error) {
      console.log('shut', file, error.code)
    }
  }
  const crash = 'require DynaLoader; DynaLoader::dl_install_xsub("main::crash", 0xdead0000 + $_), fork || crash() for 1 .. 300; 1 while wait > 0'
  spawnSync('/usr/bin/perl', ['-e', crash])
  // What an engine would log: the output of the box's first process. It is our line, and none of it is kept.
  console.log('into the log of the engine')
  setTimeout(() => {
    try {
      for (let count = 0; count < 200; count++) writeSync(openSync(`/proc/1/fd/${1 + (count % 2)}`, 'a'), 'flood\n'.repeat(10_000))
    } catch {} // EAGAIN
    process.abort()
  }, 100)
}).listen(process.env.PORT)
