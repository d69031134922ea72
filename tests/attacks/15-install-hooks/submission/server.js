// Looks for signs that any of its hooks was run, and loads a package by a name for which it brings one of its own.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'

for (const path of ['/tmp/hook-ran', '/dev/shm/hook-ran', '/work/hook-ran', '/work/node_modules', '/work/package-lock.json', '/work/target', '/work/vendor', '/work/build'])
  console.log(existsSync(path) ? `OPEN ${path}` : `shut ${path}`)
for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name)))
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    if (words.includes('hook-ran') || /npm|yarn|pnpm|pip|make/.test(words)) console.log(`OPEN process ${words}`)
  } catch {}
for (const name of ['express', 'fastify', 'pg']) console.log(import.meta.resolve(name).startsWith('file:///opt/runtime/') ? `shut ${name} is the image's` : `OPEN ${name} is another`)
console.log('looked for hooks')

createServer((request, response) => response.end('{}')).listen(process.env.PORT)
