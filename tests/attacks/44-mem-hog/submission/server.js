// Takes memory, and touches all of it, until there is none.
import { createServer } from 'node:http'

const kept = []
createServer(() => {
  for (;;) kept.push(Buffer.alloc(16 * 1024 ** 2, 1))
}).listen(process.env.PORT)
