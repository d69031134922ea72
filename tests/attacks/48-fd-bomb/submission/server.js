// Each process holds as many as it may, and connects to whoever listens in this box: that is the agent, for the database.
import { spawn } from 'node:child_process'
import { openSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect } from 'node:net'

const hold = 'my @kept; while (1) { open my $file, "<", "/dev/zero" or last; push @kept, $file } print "$! "; sleep 1000'
createServer(() => {
  let connected = 0
  const more = () =>
    connect(5432, '127.0.0.1')
      .on('connect', () => ++connected % 10 === 0 && console.log(`${connected} connections to the database`))
      .on('error', () => {})
      .on('close', () => setTimeout(more, 20))
  for (let count = 0; count < 800; count++) more()
  setTimeout(() => {
    for (let count = 0; count < 60; count++) spawn('/usr/bin/perl', ['-e', hold], { stdio: ['ignore', 'inherit', 'ignore'] }).on('error', () => {})
    try {
      for (;;) openSync('/dev/zero', 'r')
    } catch (error) {
      console.log(error.code)
    }
  }, 500)
}).listen(process.env.PORT)
