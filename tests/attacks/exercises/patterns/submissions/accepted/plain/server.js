import { createServer } from 'node:http'
import { gzipSync } from 'node:zlib'

createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost')
  const of = searchParams.get('of')
  if (pathname === '/words') return response.end(`${of} ${of} ${of}`)
  if (pathname.startsWith('/parts/')) return response.end(`${pathname.slice('/parts/'.length)} ${of}`)
  if (pathname === '/lengths') {
    let length = 0
    for await (const chunk of request) length += chunk.length
    return response.end(JSON.stringify({ length }))
  }
  const json = JSON.stringify({ total: 2, items: [1, 2].map(id => ({ id, name: of })) })
  if (!searchParams.has('packed')) return response.end(json)
  response.setHeader('content-encoding', 'gzip').end(gzipSync(json))
}).listen(process.env.PORT)
