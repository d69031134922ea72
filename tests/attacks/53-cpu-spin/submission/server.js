// Spins in twelve threads, and answers on the side.
import { createServer } from 'node:http'
import { Worker } from 'node:worker_threads'

createServer((request, response) => response.end('{}')).listen(process.env.PORT, () => {
  for (let count = 0; count < 12; count++) new Worker('for (;;) {}', { eval: true })
})
