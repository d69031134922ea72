// Fills one folder after the other to the last byte, then makes what is in them hard to remove; it never answers.
import { chmodSync, closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'

createServer(request => {
  // One at a time: all together would be the end by the memory limit.
  for (const folder of request.url.includes('Ada') ? ['/tmp', '/dev/shm'] : ['/work']) {
    console.log('filling', folder)
    const locked = `${folder}/locked`
    mkdirSync(`${locked}/in/it`, { recursive: true })
    // A name that is no text, and one that reads as an option.
    for (const name of ['-rf', '\n', Buffer.concat([Buffer.from(`${locked}/`), Buffer.from([0xff, 0xfe])])])
      writeFileSync(typeof name === 'string' ? `${locked}/in/${name}` : name, 'x')
    try {
      const file = openSync(`${folder}/big`, 'w')
      for (let size = 1024 ** 2; ; ) {
        try {
          for (;;) writeSync(file, Buffer.alloc(size, 1))
        } catch (error) {
          if (size === 1) throw error
          size = Math.floor(size / 32) || 1
        }
      }
    } catch (error) {
      console.log(folder, error.code)
    }
    chmodSync(`${locked}/in/it`, 0)
    chmodSync(`${locked}/in`, 0)
    chmodSync(locked, 0)
  }
}).listen(process.env.PORT)
