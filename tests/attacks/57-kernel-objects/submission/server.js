// Each kind of object is hoarded by a process of its own, which keeps what it got; nothing is ever answered.
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'

const ways = ['inotify', 'passed', 'pipes', 'mqueue', 'timers', 'tcp', 'locks', 'epoll', 'eventfd', 'queues']
const hoard = ([way, ...rest]) => {
  if (!way) return
  const child = spawn('/usr/bin/perl', ['hoard.pl', way, process.arch], { stdio: ['ignore', 'pipe', 'inherit'] }).on('error', () => {})
  child.stdout?.pipe(process.stdout, { end: false })
  child.stdout?.once('data', () => hoard(rest))
}
createServer(() => hoard(ways)).listen(process.env.PORT)
