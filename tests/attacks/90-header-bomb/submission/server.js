// Every place of an answer where headers stand, filled with a megabyte and more of them.
import { createServer } from 'node:net'

const OK = 'HTTP/1.1 200 OK\r\n'
const END = 'content-length: 2\r\n\r\nhi'
const MiB = 1024 ** 2
const many = (count, name) => Array.from({ length: count }, (_, i) => `${name(i)}: ${i}\r\n`).join('')
const ways = [
  `${OK}bomb: ${'x'.repeat(MiB)}\r\n${END}`,
  `${OK}${'x'.repeat(MiB)}: bomb\r\n${END}`,
  `${OK}${many(10_000, i => `h${i}`)}${END}`,
  `${OK}${many(1000, () => 'set-cookie')}${END}`,
  `${OK}${many(199, () => '__proto__')}${many(199, () => 'constructor')}${END}`,
  `${OK}${'a: b\r\n'.repeat(MiB)}`,
  `${OK}a: b\r\n${' folded\r\n'.repeat(100_000)}${END}`,
  'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'.repeat(20_000),
  `HTTP/1.1 102 Processing\r\nx: ${'x'.repeat(MiB)}\r\n\r\n${OK}${END}`,
  `${OK}transfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nbomb: ${'x'.repeat(MiB)}\r\n\r\n`,
  `${OK}transfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n${many(10_000, i => `t${i}`)}\r\n`,
]
createServer(socket => {
  socket.on('error', () => {})
  socket.once('data', head => {
    const part = Number(/parts\/(\d+)/.exec(String(head))?.[1] ?? 0)
    const answer = ways[part % ways.length]
    console.log(`${answer.length} bytes of headers`)
    if (part < ways.length) return socket.write(answer)
    // The rest once more, in the smallest pieces.
    socket.setNoDelay(true)
    let at = 0
    const piece = () => at < answer.length && !socket.destroyed && socket.write(answer.slice(at, ++at), () => setImmediate(piece))
    piece()
  })
}).listen(process.env.PORT)
