// Right answers, late ones, and four processes that print as fast as they can until there were ten gigabytes.
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'

let begun = false
createServer((request, response) => {
  if (!begun) for (const _ of 'abcd') spawn('/bin/sh', ['-c', 'yes "one more line for you" | head -c 2500000000'], { stdio: ['ignore', 'inherit', 'inherit'] })
  begun = true
  const name = new URL(request.url, 'http://x').searchParams.get('name')
  const answer = () => response.writeHead(name ? 200 : 422, { 'content-type': 'text/plain' }).end(name ? `Hello, ${name}!` : 'a name is missing')
  setTimeout(answer, 1900)
}).listen(process.env.PORT)
