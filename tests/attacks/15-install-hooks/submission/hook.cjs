// Whoever runs this installs something. It says so where the program sees it: in the list of processes, and in files.
const { spawn } = require('node:child_process')
const { writeFileSync } = require('node:fs')

for (const folder of ['/tmp', '/dev/shm', '/work'])
  try {
    writeFileSync(`${folder}/hook-ran`, process.argv.slice(2).join())
  } catch {}
console.log(`OPEN hook ${process.argv[2]}`)
spawn('sleep', ['1000', 'hook-ran'], { detached: true, stdio: 'ignore' }).unref()
