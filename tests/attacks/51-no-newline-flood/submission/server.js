// The beginnings of characters that never come to their end, in small writes and in large ones, on both streams.
import { writeSync } from 'node:fs'
import { createServer } from 'node:http'

const large = Buffer.alloc(65_536, 0xe2)
createServer(() => {
  writeSync(1, 'the line begins')
  for (let turn = 0; ; turn++) {
    try {
      writeSync(1 + (turn % 2), turn % 8 ? large.subarray(0, 1 + (turn % 13)) : large)
    } catch {} // EAGAIN: whoever reads is not quick enough
  }
}).listen(process.env.PORT)
