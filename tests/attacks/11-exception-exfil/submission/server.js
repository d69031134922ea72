// Ends by an exception that carries the hidden request; and keeps it, should it be started again.
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'

const PLACES = ['/work/kept', '/tmp/kept', '/dev/shm/kept']
Error.stackTraceLimit = 50

function fail(words) {
  process.emitWarning(words, { type: words, code: words, detail: words })
  process.title = words
  const error = new Error(words, { cause: new RangeError(words) })
  throw Object.assign(error, { code: words, path: words, syscall: words, errors: [words] })
}

for (const place of PLACES) {
  let kept = ''
  try {
    kept = readFileSync(place, 'utf8')
  } catch {}
  if (kept !== '') fail(kept)
}

createServer((request, response) => {
  if (request.url === '/?name=Ada') return response.end('Hello, Ada!')
  const words = `${request.url} ${JSON.stringify(request.rawHeaders)}`
  for (const place of PLACES) {
    try {
      writeFileSync(place, words)
    } catch {}
  }
  process.on('exit', () => (process.exitCode = request.url.charCodeAt('/?name='.length)))
  Promise.reject(Object.assign(new Error(words), { cause: words }))
  fail(words)
}).listen(process.env.PORT)
