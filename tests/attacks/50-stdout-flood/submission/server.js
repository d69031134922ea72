// Prints lines for as long as it is let.
import { writeSync } from 'node:fs'
import { createServer } from 'node:http'

const lines = 'one more line for you\n'.repeat(5000)
createServer(() => {
  for (;;) writeSync(1, lines)
}).listen(process.env.PORT)
