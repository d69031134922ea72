// Plants links at every name that somebody might write to or read from: results, sources, logs; in files, folders, and its own.
import { existsSync, linkSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'

const mine = readFileSync('/work/server.js', 'utf8')
// Laid anew before each file of tests: by then nothing of what was planted may be there, and the files are files.
for (const path of ['/work/server.js', '/work/package.json'])
  console.log(lstatSync(path).isFile() ? `shut ${path} is a file` : `OPEN ${path} is a link still`)
for (const folder of ['/work', '/tmp', '/dev/shm'])
  for (const name of readdirSync(folder)) if (!['server.js', 'package.json'].includes(name)) console.log(`OPEN ${folder}/${name} was left`)
console.log(mine.startsWith('// Plants links') ? 'shut the program is as handed in' : 'OPEN the program is another')

const targets = ['/etc/passwd', '/etc/hosts', '/etc/hostname', '/etc/ld.so.preload', '/opt/note', '/opt/agent', '/usr/local/bin/node', '/proc/1/mem', '/proc/1/fd/1',
  '/proc/self/exe', '/proc/sys/kernel/core_pattern', '../../../../../../etc/passwd', '/var/lib/docker/containers', '/run/docker.sock', '/work/server.js', 'loop']
const names = ['results.json', 'report.json', 'junit.xml', 'tests.json', 'output.log', 'stdout', 'stderr', 'core', 'nohup.out', '.assay', 'node_modules', 'dist', 'lib', 'coverage', '.dockerenv', 'exit_code']
let planted = 0
for (const folder of ['/work', '/tmp', '/dev/shm', '/var/tmp', '/opt', '/dev', '/dev/mqueue', '/etc', '/']) {
  for (const [at, name] of names.entries()) {
    try {
      rmSync(`${folder}/${name}`, { recursive: true, force: true })
      symlinkSync(targets[at % targets.length], `${folder}/${name}`)
      planted++
    } catch {}
  }
  for (const [name, act] of [['hard', () => linkSync('/etc/passwd', `${folder}/hard`)], ['deep', () => mkdirSync(`${folder}/${'deep/'.repeat(200)}`, { recursive: true })]]) {
    try {
      act()
      planted++
    } catch {}
    if (name === 'hard' && existsSync(`${folder}/hard`)) console.log(`OPEN ${folder}/hard is a file of the image's`)
  }
}
// Its own source and its folder: a link to a file of the image's, another to a folder that is not its own.
for (const path of ['/work/server.js', '/work/package.json']) {
  try {
    rmSync(path)
    symlinkSync(path.endsWith('js') ? '/etc/passwd' : '/opt/package.json', path)
    planted++
  } catch {}
}
try {
  writeFileSync('/work/results.json', 'x')
  console.log('OPEN wrote through a link')
} catch (error) {
  console.log('shut write through a link', error.code)
}
console.log('planted', planted > 30 ? 'everywhere' : 'little')

createServer((request, response) => response.end('{}')).listen(process.env.PORT)
