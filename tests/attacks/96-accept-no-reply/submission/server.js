// Silence, and resets: on accept, on the first byte, within the head, within the body, after it, half closed.
import { createServer } from 'node:net'

const OK = 'HTTP/1.1 200 OK\r\n'
const HALF = `${OK}content-length: 100\r\n\r\nhalf`
const reset = socket => socket.resetAndDestroy()
const ways = [
  () => {},
  reset,
  socket => socket.write(OK.slice(0, 7), () => reset(socket)),
  socket => socket.write(`${OK}content-le`, () => reset(socket)),
  socket => socket.write(HALF, () => reset(socket)),
  socket => socket.write(HALF, () => setTimeout(reset, 5, socket)),
  socket => socket.end(HALF),
  socket => socket.end(),
  socket => socket.write(`${OK}content-length: 2\r\n\r\nhi`, () => reset(socket)),
  socket => socket.write(`${OK}transfer-encoding: chunked\r\n\r\n5\r\nhel`, () => reset(socket)),
  socket => socket.pause(),
]
let connections = 0
createServer({ allowHalfOpen: true }, socket => {
  socket.on('error', () => {})
  console.log('connection', ++connections)
  if (connections % 7 === 0) return reset(socket)
  socket.once('data', head => ways[Number(/parts\/(\d+)/.exec(String(head))?.[1] ?? 1) % ways.length](socket))
}).listen(process.env.PORT)
