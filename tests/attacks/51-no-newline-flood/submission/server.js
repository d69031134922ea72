// Prints one line that never ends, on both streams, in bytes that are no text.
import { writeSync } from 'node:fs'
import { createServer } from 'node:http'

const bytes = Buffer.alloc(65_536, 0xe2)
createServer(() => {
  for (;;) {
    writeSync(1, bytes)
    writeSync(2, bytes)
  }
}).listen(process.env.PORT)
