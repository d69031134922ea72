// A gzip stream may be many, one after the other: a thousand times ten megabytes of zeros, in ten kilobytes each.
import { createServer } from 'node:http'
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'

const zeros = Buffer.alloc(10 * 1024 ** 2)
const member = gzipSync(zeros)
const gzip = Buffer.concat(Array(Math.floor((8 * 1024 ** 2) / member.length)).fill(member))
const br = brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_LGWIN]: 24 } })
const bombs = [
  ['gzip', gzip],
  ['br', br],
  ['deflate', deflateSync(zeros)],
  ['deflate', deflateRawSync(zeros)],
  ['gzip, gzip', gzipSync(member)],
  ['gzip, br', brotliCompressSync(gzip.subarray(0, 1024 ** 2))],
]
let asked = 0
createServer((request, response) => {
  // Which of them it is changes with the port, which nobody can know: over the gradings of the corpus all are tried.
  const [encoding, bomb] = request.url.startsWith('/items?packed') ? bombs[request.socket.remotePort % bombs.length] : bombs[asked++ % bombs.length]
  console.log(`a bomb of ${encoding}, ${bomb.length} bytes`)
  response.writeHead(200, { 'content-encoding': encoding, 'content-type': 'application/json', 'content-length': bomb.length })
  response.end(bomb)
}).listen(process.env.PORT)
