// Lets the clean-up between two files of tests trip: folders that become links while they are emptied, locked ones, ones
// too deep for a path, and names that read as options.
import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'

for (const folder of ['/work', '/tmp', '/dev/shm'])
  for (const name of readdirSync(folder)) if (!['server.js', 'package.json'].includes(name)) console.log(`OPEN ${folder}/${name} was left`)
for (const path of ['/etc/passwd', '/opt/agent', '/usr/local/bin/node', '/opt/runtime/node_modules/express/package.json']) if (!existsSync(path)) console.log(`OPEN ${path} is gone`)

for (const folder of ['/tmp', '/dev/shm', '/work']) {
  for (const name of ['-rf', '--no-preserve-root', '-exec', 'a\nb', '*', '$(reboot)', '`reboot`', '~', '..\u00a0', '\u202e']) {
    try {
      writeFileSync(`${folder}/${name}`, '')
    } catch {}
  }
  for (const target of ['/', '/etc', '/opt', '/opt/runtime', '/proc/1', '/proc/self/fd', '.', '..']) {
    try {
      symlinkSync(target, `${folder}/link-${target.replaceAll('/', '-')}`)
    } catch {}
  }
  const locked = `${folder}/locked/inside/more`
  mkdirSync(locked, { recursive: true })
  writeFileSync(`${locked}/file`, 'x')
  symlinkSync('/opt', `${locked}/link`)
  // Deeper than a path may be long: whoever takes names apart by their whole paths never comes to the end.
  const start = process.cwd()
  try {
    process.chdir(folder)
    for (let depth = 0; depth < 40; depth++) {
      mkdirSync('d'.repeat(200))
      process.chdir('d'.repeat(200))
    }
    writeFileSync('end', 'x')
  } catch {}
  process.chdir(start)
  for (const path of [locked, `${folder}/locked/inside`, `${folder}/locked`]) chmodSync(path, 0)
}
// Swaps folders for links as fast as it can, in processes that don't mind being told to end.
const swap = `trap '' TERM HUP INT QUIT; cd "$1" || exit; while :; do mkdir -p swapped/sub 2>/dev/null; mv -T swapped aside 2>/dev/null; ln -sfn /opt swapped; mv -T swapped other 2>/dev/null; rm -f other; mv -T aside swapped 2>/dev/null; done`
for (const folder of ['/tmp', '/dev/shm', '/work']) spawn('setsid', ['sh', '-c', swap, 'swap', folder], { detached: true, stdio: 'ignore' }).unref()
// And last the folders themselves: what can't be listed looks empty.
for (const folder of ['/tmp', '/dev/shm', '/work']) {
  try {
    chmodSync(folder, 0o100)
    console.log(`locked ${folder}`)
  } catch {}
}
console.log('set the traps')

createServer((request, response) => response.end('{}')).listen(process.env.PORT)
