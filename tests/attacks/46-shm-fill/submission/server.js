// /dev/shm to its end, and then segments of System V, which stay when the process that made them is killed.
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'

createServer(() => {
  try {
    for (let count = 0; ; count++) writeFileSync(`/dev/shm/${count}`, Buffer.alloc(1024 ** 2, 1))
  } catch (error) {
    console.log('/dev/shm', error.code)
  }
  const again = () =>
    spawn('/usr/bin/perl', ['segments.pl'], { stdio: ['ignore', 'inherit', 'inherit'] })
      .on('error', () => {})
      .on('exit', again)
  again()
}).listen(process.env.PORT)
