// Leaves a note wherever it can write, and looks for one that an earlier run left.
import { spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'

let left = 0
for (const folder of ['/tmp', '/var/tmp', '/dev/shm', '/work', '/pgdata', '/opt/cache', '/root', '/home', '/run', '/']) {
  const note = `${folder}/note-of-an-earlier-run`
  if (existsSync(note)) console.log('SURVIVED', note)
  try {
    writeFileSync(note, 'hello')
    left++
  } catch {}
}
spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' }).unref()
console.log(left > 0 ? 'left something' : 'could write nowhere')

createServer((request, response) => response.end('{}')).listen(process.env.PORT)
