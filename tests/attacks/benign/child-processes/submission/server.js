import { deepEqual } from 'node:assert'
import { exec, execFile, execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { promisify } from 'node:util'

const run = promisify(execFile)

async function chore() {
  const lines = await promisify(exec)('seq 1 1000 | grep 7 | sort -rn | head -n 3 | tr "\\n" " "')
  deepEqual(lines.stdout, '997 987 979 ')
  const numbers = await Promise.all(Array.from({ length: 30 }, (_, number) => run('expr', [String(number), '+', '1'])))
  deepEqual(numbers.map(({ stdout }) => Number(stdout)), Array.from({ length: 30 }, (_, number) => number + 1))
  const children = Array.from({ length: 3 }, () => fork('child.js'))
  await Promise.all(
    children.map(async (child, index) => {
      child.send(index)
      const [answer] = await once(child, 'message')
      deepEqual(answer, index * index)
      child.disconnect()
      deepEqual(await once(child, 'exit'), [0, null])
    }),
  )
  deepEqual(execFileSync('sh', ['-c', 'sleep 5 & kill $! && wait $! || echo ended']).toString(), 'ended\n')
}

createServer((request, response) => {
  chore().then(
    () => response.end('done'),
    error => response.end(error.stack),
  )
}).listen(process.env.PORT)
