// After 101 a client hands the connection to another parser, and errors come from where nobody waits for them.
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'

const upgrade = (protocol, more = '') => `HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: ${protocol}\r\n${more}\r\n`
const deflate = 'sec-websocket-accept: x\r\nsec-websocket-extensions: permessage-deflate; server_max_window_bits=99999999\r\n'
const frame = Buffer.concat([Buffer.from([0xc1, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), randomBytes(50_000)])
const settings = Buffer.from('00000604000000000000030000ffff', 'hex')
const ways = [
  [upgrade('websocket', deflate), frame],
  [upgrade('websocket', deflate), Buffer.from([0xc1, 0x05, 1, 2, 3, 4, 5])],
  [upgrade('h2c'), settings],
  [upgrade('TLS/1.2'), Buffer.from([22, 3, 1, 255, 255])],
  ['HTTP/1.1 101 Switching Protocols\r\n\r\n', frame],
  ['HTTP/1.1 200 OK\r\nconnection: upgrade\r\nupgrade: websocket\r\ncontent-length: 2\r\n\r\nhi', frame],
  ['HTTP/1.1 426 Upgrade Required\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n', settings],
  ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', settings],
  ['', settings],
  ['', Buffer.from([21, 3, 3, 0, 2, 2, 40])],
  ['HTTP/1.1 000 \r\n\r\n', frame],
  ['HTTP/1.1 099 \r\n\r\n', frame],
  ['HTTP/0.9 200 OK\r\n\r\n', frame],
  ['HTTP/1.1 200 OK\r\n__proto__: x\r\n__proto__: y\r\ncontent-length: 0\r\n\r\n', frame],
  [upgrade('websocket').repeat(50), frame],
  ['', randomBytes(100_000)],
]
createServer(socket => {
  socket.on('error', () => {})
  socket.once('data', head => {
    const part = Number(/parts\/(\d+)/.exec(String(head))?.[1] ?? 0)
    const [first, then] = ways[part % ways.length]
    console.log('switched', part)
    socket.write(first)
    socket.write(then, () => setTimeout(() => socket.destroy(), 20))
  })
}).listen(process.env.PORT)
