// Puts programs of its own by the names that others call into every place where they could be found.
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'

const names = ['node', 'npm', 'npx', 'sh', 'bash', 'curl', 'wget', 'psql', 'pg_dump', 'git', 'tar', 'rm', 'chmod', 'find', 'ipcrm', 'cat', 'kill', 'ps', 'timeout', 'env', 'tini', 'docker-init', 'assay', 'vitest', 'ld.so']
// A trojan that was run lives on under a name that this program would see at its next start, wherever its files went.
const trojan = '#!/bin/sh\n(trap "" TERM HUP; while :; do exec -a trojan-ran sleep 1000; done) >/dev/null 2>&1 &\necho OPEN trojan ran: $0 $*\nexit 0\n'
for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name)))
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    if (/trojan-ran|\/(work|tmp|dev\/shm)\/(bin|node|sh|rm|find|chmod)/.test(words)) console.log(`OPEN ${words}`)
  } catch {}
let laid = 0
for (const folder of ['/work', '/work/bin', '/work/.local/bin', '/work/node_modules/.bin', '/tmp', '/tmp/bin', '/dev/shm', '/dev/shm/bin', '/usr/local/bin', '/usr/bin', '/bin', '/usr/local/sbin', '/opt', '/opt/runtime/node_modules/.bin', '/', '/root/bin']) {
  const own = /^\/(work|tmp|dev\/shm)/.test(folder)
  for (const name of names) {
    try {
      mkdirSync(folder, { recursive: true })
      if (name === 'ld.so') symlinkSync('/bin/true', `${folder}/${name}`)
      else writeFileSync(`${folder}/${name}`, trojan)
      chmodSync(`${folder}/${name}`, 0o755)
      own ? laid++ : console.log(`OPEN ${folder}/${name}`)
    } catch {}
  }
}
for (const name of ['.profile', '.bashrc', '.bash_profile', '.psqlrc', '.pgpass', '.curlrc', '.gitconfig', '.inputrc', '.npmrc', '.shrc'])
  writeFileSync(`/work/${name}`, name === '.psqlrc' ? '\\! echo OPEN psqlrc\n' : name === '.curlrc' ? 'output = /work/x\n' : 'echo OPEN startup file\n')
process.env.PATH = `/work/bin:/tmp/bin:/dev/shm:${process.env.PATH}`
// The clean-up between two files of tests has to call for help here: chmod and find, by their names.
for (const folder of ['/tmp', '/dev/shm', '/work']) {
  mkdirSync(`${folder}/locked/inside`, { recursive: true })
  chmodSync(`${folder}/locked`, 0)
}
console.log('laid', laid > 100 ? 'hundreds of' : laid, 'trojans')

createServer((request, response) => response.end('{}')).listen(process.env.PORT)
