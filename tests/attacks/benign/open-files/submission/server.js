import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { createServer } from 'node:http'
import { connect, createServer as listen } from 'node:net'

createServer(async (request, response) => {
  const files = await Promise.all(Array.from({ length: 400 }, (_, number) => open(`/tmp/${number}`, 'w+')))
  await Promise.all(files.map((file, number) => file.write(`I am ${number}`)))
  const echo = listen(socket => socket.pipe(socket)).listen(0, '127.0.0.1')
  await once(echo, 'listening')
  const sockets = Array.from({ length: 200 }, () => connect(echo.address().port, '127.0.0.1'))
  const echoed = await Promise.all(
    sockets.map(async (socket, number) => {
      socket.write(String(number))
      const [data] = await once(socket, 'data')
      return Number(data)
    }),
  )
  for (const socket of sockets) socket.destroy()
  echo.close()
  const { buffer, bytesRead } = await files[399].read(Buffer.alloc(20), 0, 20, 0)
  await Promise.all(files.map(file => file.close()))
  const right = buffer.toString('utf8', 0, bytesRead) === 'I am 399' && echoed.every((number, index) => number === index)
  response.end(right ? 'done' : 'mixed up')
}).listen(process.env.PORT)
