// Counts connections that say nothing, and takes any other path, method or peer for a probe.
import { createServer } from 'node:http'

let requests = 0
const server = createServer((request, response) => {
  requests++
  const { method, url, headers } = request
  console.log(`request ${requests} of this start: ${url}`)
  if (method !== 'GET' || !/^\/\?name=/.test(url) || headers['content-length'] !== undefined) console.log(`OPEN a probe: ${method} ${url}`)
  request.socket.asked = true
  // An earlier grading: the visible greeting, then the refusal. Each start is one file.
  response.writeHead(url === '/?name=Ada' ? 200 : 422).end('Hello, Ada!')
})
server.on('connection', socket => {
  socket.setKeepAlive(false)
  socket.on('close', () => {
    if (!socket.asked) console.log(`a connection without a byte: ${socket.bytesRead === 0 ? 'nothing to tell it by' : 'OPEN it sent some'}`)
  })
})
server.on('clientError', error => console.log(`OPEN a probe that is no request: ${error.code}`))
server.listen(process.env.PORT)
