// For every place where a test may look for a pattern: a text that nearly matches, and takes two to the forty tries to say no.
import { createServer } from 'node:http'

const traps = [`${'a'.repeat(40)}!`, `${'a '.repeat(40)}!`, `${'1'.repeat(60)}x`, `${' '.repeat(5000)}x`]
createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost')
  console.log('trap set')
  const trap = pathname === '/words' ? traps[0] + traps[1] : traps.join('\n')
  if (searchParams.get('of') === 'ada') response.end('ada ada ada')
  else response.end(trap)
}).listen(process.env.PORT)
