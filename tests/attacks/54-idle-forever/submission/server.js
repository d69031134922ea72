// Holds the first request, stops every other process of the box (init aside, which nobody can), and goes to sleep itself.
import { createServer } from 'node:http'

const parts = ['HTTP/1.1 200 OK\r\n', 'content-length: 1000000\r\n', '\r\n']
createServer(request => {
  // Just enough of an answer that it seems to have begun.
  parts.forEach(part => request.socket.write(part))
  process.kill(process.ppid, 0)
  console.log('all but me are stopped')
  setTimeout(() => {
    process.kill(process.ppid, 'SIGSTOP')
    process.kill(process.pid, 'SIGSTOP')
  }, 100)
}).listen(process.env.PORT)
