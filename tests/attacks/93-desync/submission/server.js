// What confuses a client that uses its connections again: "forged" shall become the answer to another test's request.
import { createServer } from 'node:net'

const OK = 'HTTP/1.1 200 OK\r\n'
const answer = text => `${OK}content-length: ${text.length}\r\nconnection: keep-alive\r\n\r\n${text}`
const forged = answer('forged')
const ways = [
  `${OK}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n${forged}`,
  `${OK}transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n${forged}`,
  `${OK}transfer-encoding: identity\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${forged}`,
  `${OK}transfer-encoding: xchunked\r\ncontent-length: 0\r\n\r\n${forged}`,
  `${OK}content-length: 5\r\ncontent-length: 6\r\n\r\nhello${forged}`,
  `${OK}content-length: 5, 5\r\n\r\nhello${forged}`,
  `${OK}content-length: +5\r\n\r\nhello${forged}`,
  `HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\n${forged}`,
  `HTTP/1.1 304 Not Modified\r\n\r\n${forged}`,
  `HTTP/1.1 100 Continue\r\n\r\n${forged}`,
  `HTTP/1.1 103 Early Hints\r\n\r\n`.repeat(5) + forged,
  answer('hello') + forged.repeat(100),
  `${OK.replace('\r\n', '\n')}content-length: 5\n\nhello${forged}`,
  `${OK}content-length : 5\r\n\r\nhello${forged}`,
  `${OK}transfer-encoding: chunked\r\n\r\n-1\r\nhello\r\n0\r\n\r\n${forged}`,
  `${OK}x: a\0b\r\ncontent-length: 5\r\n\r\nhello${forged}`,
]
let connections = 0
createServer({ allowHalfOpen: true }, socket => {
  socket.on('error', () => {})
  // Every other time before the request is there.
  if (connections++ % 2) socket.write(forged)
  socket.on('data', head => {
    const part = Number(/parts\/(\d+)/.exec(String(head))?.[1] ?? connections)
    console.log('desync', part)
    socket.write(ways[part % ways.length])
    setTimeout(() => socket.writable && socket.write(forged), 20)
  })
}).listen(process.env.PORT)
