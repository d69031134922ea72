// A key that both ends know stands for a certificate.
import { once } from 'node:events'
import { createServer } from 'node:http'
import * as http2 from 'node:http2'
import * as tls from 'node:tls'

const psk = Buffer.alloc(32, 7)
const common = { ciphers: 'PSK-AES256-GCM-SHA384:PSK-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' }

async function overTls() {
  const server = tls.createServer({ ...common, pskCallback: () => psk }, socket => socket.pipe(socket)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = tls.connect({
    ...common,
    port: server.address().port,
    host: '127.0.0.1',
    pskCallback: () => ({ psk, identity: 'me' }),
    checkServerIdentity: () => undefined,
  })
  socket.write('secret')
  const [data] = await once(socket, 'data')
  socket.destroy()
  server.close()
  if (String(data) !== 'secret') throw new Error(String(data))
}

async function overHttp2() {
  const server = http2.createServer((request, response) => response.end(`stream ${request.url}`)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = http2.connect(`http://127.0.0.1:${server.address().port}`)
  await Promise.all(
    Array.from({ length: 100 }, async (_, number) => {
      const stream = client.request({ ':path': `/${number}` })
      const [data] = await once(stream, 'data')
      if (String(data) !== `stream /${number}`) throw new Error(String(data))
    }),
  )
  client.close()
  server.close()
}

createServer((request, response) => {
  Promise.all([overTls(), overHttp2()]).then(
    () => response.end('done'),
    error => response.end(error.stack),
  )
}).listen(process.env.PORT)
