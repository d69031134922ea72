// Whoever follows, or tries again by itself, comes here again and again.
import { createServer } from 'node:http'

const seen = new Map()
createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost')
  const times = (seen.get(request.url) ?? 0) + 1
  seen.set(request.url, times)
  console.log('in circles')
  if (times > 1) console.log('OPEN asked again')
  // Some are broken off, which a client that wants to help would send once more.
  if (times === 1 && pathname.endsWith('5')) return request.socket.resetAndDestroy()
  if (pathname.endsWith('6')) return response.writeHead(503, { 'retry-after': '0' }).end()
  if (pathname.endsWith('7')) return response.writeHead(421, { connection: 'close' }).end()
  if (pathname.endsWith('8')) return response.writeHead(425, { 'retry-after': '0' }).end()
  const location = pathname.endsWith('9') ? `${request.url}x` : request.url
  response.writeHead(pathname.endsWith('4') ? 302 : 307, { location, 'set-cookie': `n=${times}` }).end()
}).listen(process.env.PORT)
