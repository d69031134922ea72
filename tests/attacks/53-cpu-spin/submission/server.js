// Spins in threads and processes, asks for priority and for real time, and spins where it should answer.
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import { constants, setPriority } from 'node:os'
import { Worker } from 'node:worker_threads'

const spin = 'for (;;) {}'
createServer(() => {
  try {
    setPriority(constants.priority.PRIORITY_HIGHEST)
    console.log('OPEN nice')
  } catch (error) {
    console.log('shut nice', error.info?.code ?? error.code)
  }
  const call = process.arch === 'arm64' ? 119 : 144
  const realTime = `print syscall(${call}, 0, 1, pack("l", 50)) == 0 ? "OPEN real time\\n" : "shut real time $!\\n"; 1 while 1`
  for (let count = 0; count < 16; count++) {
    if (count % 4 === 0) new Worker(spin, { eval: true }).on('error', () => {})
    spawn('/usr/bin/perl', ['-e', count ? '1 while 1' : realTime], { stdio: ['ignore', 'inherit', 'ignore'], detached: true }).on('error', () => {})
  }
  setTimeout(() => {
    for (;;);
  }, 300)
}).listen(process.env.PORT)
