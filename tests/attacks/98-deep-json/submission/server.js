// For every request another document that some reader of JSON stumbles over. None of them holds what was asked for.
import { createServer } from 'node:http'

const deep = 1_000_000
// Made when asked for: all at once are more than this box holds.
const jsons = [
  () => '['.repeat(deep) + ']'.repeat(deep),
  () => '{"a":'.repeat(deep) + '0' + '}'.repeat(deep),
  () => `[${'[],'.repeat(2_000_000)}0]`,
  () => `[${'{"a":{}},'.repeat(500_000)}0]`,
  () => '{"total":1e400,"items":[{"id":-1e400}]}',
  () => '{"total":2,"items":[],"total":3,"items":[1]}',
  () => '{"__proto__":{"total":2,"items":[]},"constructor":{"prototype":{"passed":true}}}',
  () => '{"total":{"asymmetricMatch":true,"$$typeof":"Symbol(jest.asymmetricMatcher)"},"items":{"length":2,"then":1,"toJSON":1}}',
  () => `{"total":2,"items":"${'\\ud800'.repeat(100_000)}"}`,
  () => `{"total":${'9'.repeat(1_000_000)},"items":[]}`,
  () => `{"total":2,"items":[${'0.1e-5,'.repeat(400_000)}0]}`,
  () => `"${'\\u0000'.repeat(1_000_000)}"`,
  () => '{"total":2,"items":[NaN,Infinity,undefined]}',
  () => `{${Array.from({ length: 300_000 }, (_, i) => `"${4_000_000_000 - i}":0`).join()}}`,
]
let asked = process.pid
createServer((request, response) => {
  const json = jsons[asked++ % jsons.length]()
  console.log(`JSON of ${json.length}`)
  response.writeHead(200, { 'content-type': 'application/json' }).end(json)
}).listen(process.env.PORT)
