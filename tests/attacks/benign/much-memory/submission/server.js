import { createServer } from 'node:http'

const MiB = 1024 ** 2
const LIMIT = 256 * MiB

createServer((request, response) => {
  const heap = Array.from({ length: 200_000 }, (_, id) => ({ id, name: `name ${id}` }))
  const buffers = []
  // What the box's agent takes counts too; the rest of the four fifths is ours.
  while (process.memoryUsage.rss() < 0.62 * LIMIT) buffers.push(Buffer.alloc(4 * MiB, 1))
  const sum = buffers.reduce((bytes, buffer) => bytes + buffer[buffer.length - 1] * buffer.length, 0)
  console.log(`${Math.round(process.memoryUsage.rss() / MiB)} MiB in use`)
  response.end(heap.length === 200_000 && sum === buffers.length * 4 * MiB ? 'done' : 'lost some')
}).listen(process.env.PORT)
