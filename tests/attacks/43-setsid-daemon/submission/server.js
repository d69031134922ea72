// Leaves a process in a session of its own that nobody waits for, and ends.
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'

createServer((request, response) => {
  const stay = 'process.on("SIGTERM", () => {}); process.on("SIGHUP", () => {}); for (;;) {}'
  spawn(process.execPath, ['-e', stay], { detached: true, stdio: 'ignore' }).unref()
  response.end('{}', () => process.exit(0))
}).listen(process.env.PORT)
