// Fills every folder that it can write to, then makes as many empty files as it can.
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'

createServer((request, response) => response.end('{}')).listen(process.env.PORT, () => {
  for (const folder of ['/tmp', '/work', '/dev/shm']) {
    try {
      const file = openSync(`${folder}/big`, 'w')
      for (let count = 0; count < 4096; count++) writeSync(file, Buffer.alloc(1024 ** 2, 1))
      closeSync(file)
    } catch (error) {
      console.log(folder, error.code)
    }
    try {
      for (let count = 0; count < 200_000; count++) writeFileSync(`${folder}/${count}`, '')
    } catch (error) {
      console.log(folder, error.code)
    }
  }
})
