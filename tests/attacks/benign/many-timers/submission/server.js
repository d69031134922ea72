import { createServer } from 'node:http'
import { setImmediate, setInterval, setTimeout } from 'node:timers/promises'

createServer(async (request, response) => {
  await Promise.all(Array.from({ length: 50_000 }, (_, number) => setTimeout(number % 300)))
  await Promise.all(Array.from({ length: 5000 }, () => setImmediate()))
  let ticks = 0
  for await (const _ of setInterval(2)) if (++ticks === 50) break
  response.end('done')
}).listen(process.env.PORT)
