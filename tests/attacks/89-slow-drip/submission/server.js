// Never silent for longer than a second, and never done.
import { createServer } from 'node:net'

const OK = 'HTTP/1.1 200 OK\r\n'
const ways = ['', OK, `${OK}content-length: 1000\r\n\r\n`, `${OK}transfer-encoding: chunked\r\n\r\n`]
const drips = ['HTTP/1.1 200 OK', 'a: b\r\n', 'x', '1\r\nx\r\n']
let asked = 0
createServer({ highWaterMark: 1 }, socket => {
  socket.on('error', () => {})
  socket.once('data', head => {
    if (String(head).startsWith('POST')) socket.pause()
    const way = asked++ % ways.length
    let at = 0
    socket.write(ways[way])
    const timer = setInterval(() => {
      if (String(head).startsWith('POST')) socket.read(1)
      const drip = way === 0 ? drips[0][at++ % drips[0].length] : drips[way]
      if (!socket.destroyed) socket.write(drip)
      console.log('one more byte')
    }, 1000)
    socket.on('close', () => clearInterval(timer))
  })
}).listen(process.env.PORT)
