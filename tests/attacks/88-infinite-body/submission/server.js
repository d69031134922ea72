// Bodies without an end, as fast as they are taken. The number in the path chooses the way.
import { createServer } from 'node:net'

const OK = 'HTTP/1.1 200 OK\r\n'
const CHUNKED = `${OK}transfer-encoding: chunked\r\n\r\n`
const block = 'x'.repeat(65_536)
const ways = [
  [CHUNKED, `10000\r\n${block}\r\n`],
  [CHUNKED, '1\r\nx\r\n'.repeat(10_000)],
  [`${OK}connection: close\r\n\r\n`, block],
  [`${OK}content-length: 9007199254740991\r\n\r\n`, block],
  [`${CHUNKED}ffffffffffff\r\n`, block],
  [`${CHUNKED}5;`, block],
  [`${CHUNKED}2\r\nhi\r\n0\r\n`, 'name: value\r\n'.repeat(5000)],
  ['HTTP/1.1 200 ', block],
  ['', '\r\n'.repeat(30_000)],
]
let sent = 0
createServer(socket => {
  socket.on('error', () => {})
  socket.once('data', head => {
    const [first, again] = ways[Number(/parts\/(\d+)/.exec(String(head))?.[1] ?? 0) % ways.length]
    socket.write(first)
    const more = () => {
      while (!socket.destroyed) {
        sent += again.length
        if (!socket.write(again)) return
      }
    }
    socket.on('drain', more)
    more()
  })
}).listen(process.env.PORT)
setInterval(() => sent > 0 && console.log(`still sending: ${sent} bytes`), 50)
