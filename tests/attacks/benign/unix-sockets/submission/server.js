import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, createServer as listen } from 'node:net'

async function echoOver(path) {
  const server = listen(socket => socket.pipe(socket)).listen(path)
  await once(server, 'listening')
  const socket = connect(path)
  socket.write('over a socket')
  const [data] = await once(socket, 'data')
  socket.destroy()
  server.close()
  if (String(data) !== 'over a socket') throw new Error(`${path}: ${data}`)
}

/** The child greets on connections that this process took. */
async function handOver(count) {
  const child = fork('greeter.js')
  const server = listen({ pauseOnConnect: true }, socket => child.send('yours', socket)).listen('/tmp/front')
  await once(server, 'listening')
  const greetings = await Promise.all(Array.from({ length: count }, async () => String((await once(connect('/tmp/front'), 'data'))[0])))
  server.close()
  child.disconnect()
  if (greetings.some(greeting => greeting !== `from ${child.pid}`)) throw new Error(greetings.join())
}

createServer((request, response) => {
  Promise.all([echoOver('/tmp/named'), echoOver('\0abstract'), handOver(50)]).then(
    () => response.end('done'),
    error => response.end(error.stack),
  )
}).listen(process.env.PORT)
