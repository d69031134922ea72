// Prints one line that never ends, on both streams, in bytes that are no text.
import { writeSync } from 'node:fs'
import { createServer } from 'node:http'

const bytes = Buffer.alloc(65_536, 0xe2)
createServer(() => {
  for (let turn = 0; ; turn++) {
    try {
      writeSync(1 + (turn % 2), bytes)
    } catch {} // EAGAIN: whoever reads is not quick enough
  }
}).listen(process.env.PORT)
