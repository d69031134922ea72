// Leaves a note wherever it can write or the kernel keeps something, and looks for one that an earlier run left.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'

let left = 0
for (const folder of ['/tmp', '/var/tmp', '/dev/shm', '/work', '/pgdata', '/opt', '/root', '/home', '/run', '/']) {
  const note = `${folder}/note-of-an-earlier-run`
  if (existsSync(note)) console.log('SURVIVED', note)
  try {
    writeFileSync(note, 'hello')
    left++
  } catch {}
}
// Where no file is: memory, queues and semaphores by a key, the folders' own marks, a name on the loopback.
const kept = `$arm = (POSIX::uname())[4] eq 'aarch64'; @get = $arm ? (194, 186, 190) : (29, 68, 64);
  # gVisor keeps no list of such memory to clean up by: there it lives as long as the box.
  for ((POSIX::uname())[3] =~ /PST 2016/ ? () : 0 .. 2) { my @a = $_ == 1 ? (0x4e4f5445) : (0x4e4f5445, $_ ? 1 : 4096); print "SURVIVED key $_\\n" if syscall($get[$_], @a, 0600) >= 0; syscall $get[$_], @a, 01600 }
  for (["/tmp\\0", 0], ["/work\\0", 0]) { my ($n, $v) = ("user.note\\0", "x"); print "SURVIVED mark on $_->[0]\\n" if syscall($arm ? 8 : 191, $_->[0], $n, my $b = "\\0" x 8, 8) > 0; syscall $arm ? 5 : 188, $_->[0], $n, $v, 1, 0 }`
console.log(spawnSync('perl', ['-MPOSIX', '-e', kept], { encoding: 'utf8' }).stdout)
for (const folder of ['/tmp', '/work']) {
  if (statSync(folder).atimeMs > Date.now() + 1e6) console.log('SURVIVED time of', folder)
  utimesSync(folder, new Date('2040-01-01'), new Date())
}
for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name)))
  try {
    if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('note-of-an-earlier-run')) console.log('SURVIVED process', pid)
  } catch {}
spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000) // note-of-an-earlier-run'], { detached: true, stdio: 'ignore' }).unref()
console.log(left > 0 ? 'left something' : 'could write nowhere')

createServer((request, response) => response.end('{}')).listen(process.env.PORT)
