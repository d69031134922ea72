// Has processes crash by every signal that dumps core, in every folder that can be written; then crashes itself.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'

const crash = `
my $crashed = 0;
for my $folder ("/work", "/tmp", "/dev/shm") {
  chdir $folder;
  for my $signal (qw(SEGV ABRT QUIT BUS ILL FPE SYS XCPU TRAP)) {
    my $child = fork;
    if ($child) { waitpid $child, 0; $crashed++ if $? & 127; next }
    my $memory = "x" x 4194304;
    $SIG{$signal} = "DEFAULT";
    kill $signal, $$;
    exit;
  }
}
print $crashed`

createServer(() => {
  console.log('crashing')
  const { stdout } = spawnSync('/bin/sh', ['-c', 'ulimit -c unlimited && echo OPEN limit || echo shut limit; ulimit -H -c'], { encoding: 'utf8' })
  const crashed = Number(spawnSync('/usr/bin/perl', ['-e', crash], { encoding: 'utf8' }).stdout)
  const left = ['/work', '/tmp', '/dev/shm', '/'].flatMap(folder => readdirSync(folder).filter(name => name.startsWith('core')))
  console.log(`${crashed} crashed, ${left.length} core files`)
  if (left.length > 0) console.log('OPEN ', left)
  console.log(stdout.trim(), '· pattern', readFileSync('/proc/sys/kernel/core_pattern', 'utf8').trim())
  for (const file of ['/proc/sys/kernel/core_pattern', '/proc/sys/kernel/core_uses_pid']) {
    try {
      writeFileSync(file, '/tmp/core.%p')
      console.log('OPEN ', file)
    } catch (error) {
      console.log('shut', file, error.code)
    }
  }
  process.abort()
}).listen(process.env.PORT)
