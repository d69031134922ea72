// Leaves processes behind that wait for the end of the program and then rewrite what it was: files, answers, the line, the port.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'

for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name) && name !== String(process.pid)))
  try {
    if (/late-rewrite/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))) console.log(`OPEN ${pid} outlived its program`)
  } catch {}
for (const path of ['/work/results.json', '/tmp/results.json', '/dev/shm/results.json']) if (existsSync(path)) console.log(`OPEN ${path} outlived its program`)

// Out of the session, out of the group, deaf to what can be ignored, twice orphaned; one that is only ever forking, so that no
// list of processes has it; one that is stopped, and one that waits in the kernel.
const wait = `while kill -0 ${process.pid} 2>/dev/null; do :; done; for f in /work /tmp /dev/shm; do echo '{"outcome":"accepted"}' > $f/results.json; done; for p in /proc/[0-9]*; do printf 'accepted' > $p/fd/1; done 2>/dev/null; exec node /work/server.js late-rewrite`
const shapes = [
  ['setsid', ['sh', '-c', `trap '' TERM HUP INT QUIT PIPE; (trap '' TERM; ${wait}) & exit 0`, 'late-rewrite']],
  ['perl', ['-e', 'for (qw(TERM HUP INT QUIT PIPE USR1)) { $SIG{$_} = "IGNORE" } while (1) { my $child = fork; exit if $child; if (!defined $child) { next } setpgrp; open my $f, ">", "/tmp/results.json" unless kill 0, $ARGV[1]; select undef, undef, undef, 0.002 }', 'late-rewrite', String(process.pid)]],
  ['sh', ['-c', 'kill -STOP $$; echo x > /tmp/results.json', 'late-rewrite']],
  ['perl', ['-e', 'use POSIX; POSIX::setsid; pipe R, W; $SIG{$_} = sub { exec "sh", "-c", "echo x > /tmp/results.json" } for qw(TERM HUP INT); sysread R, my $b, 1', 'late-rewrite']],
]
for (const [program, words] of shapes) spawn(program, words, { detached: true, stdio: 'ignore' }).unref()
writeFileSync('/work/results.json', '{"outcome":"accepted"}')

const server = createServer((request, response) => response.end('{}')).listen(process.env.PORT, () => console.log('waits to rewrite'))
// At the word to end it says once more that all is well, and keeps the port.
process.on('SIGTERM', () => server.ref())
process.on('exit', () => console.log('{"outcome":"accepted","score":{"earned":10,"possible":10}}'))
