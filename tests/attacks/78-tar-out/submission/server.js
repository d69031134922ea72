// Builds a tree that no archive of it can be taken from unharmed, and offers it for download.
import { spawnSync } from 'node:child_process'
import { linkSync, mkdirSync, openSync, readdirSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'

let made = 0
const attempt = act => {
  try {
    act()
    made++
  } catch {}
}
for (const top of ['/work/out', '/tmp/out', '/dev/shm/out']) {
  mkdirSync(top, { recursive: true })
  // A file of exabytes without a block to it, and one that is its own neighbour a hundred times.
  attempt(() => (openSync(`${top}/huge`, 'w'), truncateSync(`${top}/huge`, 2 ** 52)))
  attempt(() => (openSync(`${top}/large`, 'w'), truncateSync(`${top}/large`, 2 ** 43)))
  writeFileSync(`${top}/one`, 'x'.repeat(1024))
  for (let count = 0; count < 100; count++) attempt(() => linkSync(`${top}/one`, `${top}/one-${count}`))
  // Names: too long, of two lines, of bytes that are no text, that climb, that are options, that colour a terminal.
  const bytes = [[0xff, 0xfe], [0xc0, 0xae, 0xc0, 0xae], [0x1b, 0x5d, 0x35, 0x32], [0xe2, 0x80, 0xae], [0x0a, 0x2e, 0x2e]]
  for (const name of bytes) attempt(() => writeFileSync(Buffer.concat([Buffer.from(`${top}/`), Buffer.from(name)]), ''))
  for (const name of ['n'.repeat(255), '-C', '--checkpoint-action=exec=sh', '\\..\\..\\x', 'C:', 'con', '.wh.etc', '.wh..wh..opq', '@LongLink', 'PaxHeaders.0', 'results.json']) attempt(() => writeFileSync(`${top}/${name}`, name))
  // Links: up, round, to files that never end, to each other.
  for (const [at, target] of ['../'.repeat(40), '/', '/dev/zero', '/proc/self/fd/0', '/proc/kcore', '/dev/stdin', 'round'].entries()) attempt(() => symlinkSync(target, `${top}/link-${at}`))
  attempt(() => symlinkSync('round', `${top}/round`))
  attempt(() => (symlinkSync('/etc', `${top}/dir`), writeFileSync(`${top}/dir/passwd`, 'x')))
  // Whoever opens a FIFO waits for ever.
  for (const name of ['fifo', 'results.xml']) attempt(() => spawnSync('mkfifo', [`${top}/${name}`]).status === 0 || fail())
  attempt(() => utimesSync(`${top}/one`, -(2 ** 40), 2 ** 40))
  let deep = top
  attempt(() => {
    process.chdir(deep)
    for (let count = 0; count < 60; count++) (mkdirSync('d'.repeat(200)), process.chdir('d'.repeat(200)))
  })
  process.chdir('/work')
}
console.log('made', made > 300 ? 'hundreds of' : made, 'traps in', readdirSync('/work/out').length > 100 ? 'full' : 'empty', 'folders')

createServer((request, response) => response.end('{"download":"/work/out"}')).listen(process.env.PORT)

function fail() {
  throw new Error()
}
