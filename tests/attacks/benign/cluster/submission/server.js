import cluster from 'node:cluster'
import { once } from 'node:events'
import { createServer } from 'node:http'

if (cluster.isPrimary) {
  const workers = Array.from({ length: 4 }, () => cluster.fork())
  await Promise.all(workers.map(worker => once(worker, 'listening')))
} else {
  const url = `http://127.0.0.1:${process.env.PORT}`
  createServer(async (request, response) => {
    if (request.url === '/who') return response.end(String(process.pid))
    // Until every one of the four has answered, whoever takes the connection.
    const seen = new Set()
    while (seen.size < 4) seen.add(await (await fetch(`${url}/who`, { headers: { connection: 'close' } })).text())
    response.end('done')
  }).listen(process.env.PORT)
}
