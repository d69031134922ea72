// Spins in threads and processes, asks for priority and for real time, and spins where it should answer.
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import { constants, setPriority } from 'node:os'
import { Worker } from 'node:worker_threads'

const spin = 'for (;;) {}'
createServer(() => {
  try {
    setPriority(constants.priority.PRIORITY_HIGHEST)
    console.log('asked for priority: given, within the box')
  } catch (error) {
    console.log('asked for priority:', error.info?.code ?? error.code)
  }
  const call = process.arch === 'arm64' ? 119 : 144
  const realTime = `print syscall(${call}, 0, 1, pack("l", 50)) == 0 ? "real time given\\n" : "real time: $!\\n"; 1 while 1`
  for (let count = 0; count < 16; count++) {
    if (count % 4 === 0) new Worker(spin, { eval: true }).on('error', () => {})
    spawn('/usr/bin/perl', ['-e', count ? '1 while 1' : realTime], { stdio: ['ignore', 'inherit', 'ignore'], detached: true }).on('error', () => {})
  }
  setTimeout(() => {
    for (;;);
  }, 300)
}).listen(process.env.PORT)
