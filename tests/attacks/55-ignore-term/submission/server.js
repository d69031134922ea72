// Ignores every signal that can be ignored, has children that do too and that replace one another, and never answers.
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import { constants } from 'node:os'

for (const signal of Object.keys(constants.signals)) {
  try {
    process.on(signal, () => {})
  } catch {} // SIGKILL and SIGSTOP
}
const keeper = '$SIG{$_} = "IGNORE" for keys %SIG; setpgrp; while (1) { my $other = fork; if ($other) { waitpid $other, 0 } else { 1 while 1 } }'
for (let count = 0; count < 4; count++) spawn('/usr/bin/perl', ['-e', keeper], { detached: true, stdio: 'ignore' }).on('error', () => {}).unref()
console.log('ignoring')

createServer(() => {
  for (;;);
}).listen(process.env.PORT)
