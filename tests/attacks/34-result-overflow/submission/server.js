// What the tests say of a wrong answer goes to the worker over a line with a cap. Answers that are long to tell, in every way.
import { createServer } from 'node:http'

const MiB = 1024 ** 2
// Made when asked for, so that nothing keeps this program from being ready in time.
const texts = [
  () => '\n'.repeat(8 * MiB - 1),
  () => '\u0001"\\\u2028'.repeat(MiB),
  () => '\u{1F600}'.repeat(2 * MiB - 1),
  () => '\u001B]'.repeat(4 * MiB - 1),
]
const jsons = [
  () => `{"total":2,"items":[${`{"id":1,"name":"${'\\n'.repeat(500)}"},`.repeat(3000)}0]}`,
  () => '{"total":1000000000,"items":[]}',
  () => '{"total":4000000,"items":[]}',
  () => `{"total":2,"items":${JSON.stringify('\u0000\n"'.repeat(400_000))}}`,
  () => `{${Array.from({ length: 200_000 }, (_, i) => `"${i.toString(36)}\\u0000":${i}`).join()}}`,
  () => `${'{"a":['.repeat(99)}${']}'.repeat(99)}`,
]
let asked = 0
createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost')
  const answers = pathname === '/items' ? jsons : texts
  const answer = answers[asked++ % answers.length]()
  console.log(`sent ${Buffer.byteLength(answer)} bytes`)
  response.statusMessage = 'x'.repeat(10_000)
  response.end(answer)
}).listen(process.env.PORT)
