// Opens files and sockets until there is no descriptor left for anybody.
import { openSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect } from 'node:net'

createServer((request, response) => response.end('{}')).listen(process.env.PORT, () => {
  for (let count = 0; count < 400; count++) connect(process.env.PORT).on('error', () => {})
  try {
    for (;;) openSync('/dev/zero', 'r')
  } catch (error) {
    console.log(error.code)
  }
})
