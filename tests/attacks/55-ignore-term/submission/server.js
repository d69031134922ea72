// Ignores every signal that it can, leaves a child that does too, and never answers.
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR2', 'SIGPIPE']) process.on(signal, () => {})
const child = spawn('sh', ['-c', 'trap "" TERM INT HUP QUIT; while :; do sleep 1; done'], { detached: true, stdio: 'ignore' })
child.on('error', () => {})
child.unref()
console.log('ignoring')

createServer(() => {
  for (;;);
}).listen(process.env.PORT)
