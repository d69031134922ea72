// As many empty files with long names as there is room for, below folders so deep that no path reaches the last of them.
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'

function bomb(folder) {
  mkdirSync(folder, { recursive: true })
  process.chdir(folder)
  try {
    for (let depth = 1; depth <= 3000; depth++) {
      mkdirSync('d')
      process.chdir('d')
      if (depth % 1000 === 0) console.log('deep', depth)
    }
    for (let count = 0; ; count++) {
      const name = `${count}${'n'.repeat(240)}`
      writeFileSync(name, '')
      linkSync(name, `l${name}`)
      symlinkSync('s'.repeat(4000), `s${name}`)
    }
  } catch (error) {
    console.log(folder.slice(0, folder.indexOf('/', 1)), error.code)
  }
}

createServer(() => {
  for (const folder of ['/tmp/deep', '/work/deep', '/dev/shm/deep']) bomb(folder)
}).listen(process.env.PORT)
