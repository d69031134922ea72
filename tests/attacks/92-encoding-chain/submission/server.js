// Each encoding that is named would be a step of its own, with its own memory.
import { createServer } from 'node:http'
import { gzipSync } from 'node:zlib'

let packed = Buffer.from('{"total":2,"items":[]}')
for (let i = 0; i < 100; i++) packed = gzipSync(packed)
const chains = [
  Array(1000).fill('gzip').join(', '),
  Array(1000).fill('gzip'),
  'gzip,'.repeat(3000),
  'br, deflate, gzip, zstd, compress, identity, __proto__, constructor',
  `${'identity, '.repeat(1000)}gzip, gzip, gzip`,
  'constructor',
]
let asked = process.pid
createServer((request, response) => {
  const chain = chains[asked++ % chains.length]
  console.log('a chain of', String(chain).length)
  response.writeHead(200, { 'content-encoding': chain, 'content-length': packed.length }).end(packed)
}).listen(process.env.PORT)
