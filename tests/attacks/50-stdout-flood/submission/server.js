// Prints lines for as long as it is let.
import { writeSync } from 'node:fs'
import { createServer } from 'node:http'

const lines = 'one more line for you\n'.repeat(5000)
createServer(() => {
  for (;;) {
    try {
      writeSync(1, lines)
    } catch {} // EAGAIN: whoever reads is not quick enough
  }
}).listen(process.env.PORT)
