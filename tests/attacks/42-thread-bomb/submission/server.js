// Has perl make threads that cost nothing but their place, and takes those that become free for itself; it never answers.
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import { Worker } from 'node:worker_threads'

createServer(() => {
  console.log('taking every thread')
  for (const name of ['a', 'b']) spawn('/usr/bin/perl', ['threads.pl', process.arch, name], { stdio: ['ignore', 'inherit', 'inherit'] }).on('error', () => {})
  setInterval(() => {
    try {
      new Worker('setInterval(() => {}, 1e6)', { eval: true }).on('error', () => {})
    } catch {} // EAGAIN: none is left
  }, 20)
}).listen(process.env.PORT)
