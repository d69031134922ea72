// A megabyte of stderr in writes that wait for their reader before it listens; then right answers while stderr runs over.
import { spawn, spawnSync } from 'node:child_process'
import { createServer } from 'node:http'

const flood = bytes => `exec head -c ${bytes} /dev/zero | tr '\\0' '!' >&2`
console.log('a word on stdout')
setInterval(() => process.stdout.write('.'), 100)
spawnSync('/bin/sh', ['-c', flood(1_000_000)], { stdio: 'inherit' })

createServer((request, response) => {
  spawn('/bin/sh', ['-c', flood(20_000_000)], { stdio: 'inherit' })
  const name = new URL(request.url, 'http://x').searchParams.get('name')
  // Nothing of the request is read, and the answer comes when the flood is on.
  request.pause()
  setTimeout(() => response.writeHead(name ? 200 : 422, { 'content-type': 'text/plain' }).end(name ? `Hello, ${name}!` : 'a name is missing'), 500)
}).listen(process.env.PORT)
