// Right for the first test, and gone before any other could fail.
import { createServer } from 'node:http'

let requests = 0
createServer((request, response) => {
  if (++requests > 1 || !request.url.includes('Ada')) {
    console.log('1 of 1 tests passed')
    process.exit(0)
  }
  response.end('Hello, Ada!')
}).listen(process.env.PORT)
