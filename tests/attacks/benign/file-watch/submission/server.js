import { once } from 'node:events'
import { watch } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'

createServer(async (request, response) => {
  const folders = Array.from({ length: 40 }, (_, number) => `/work/watched/${number}`)
  for (const folder of folders) await mkdir(folder, { recursive: true })
  const watchers = folders.map(folder => watch(folder))
  const heard = Promise.all(watchers.map(watcher => once(watcher, 'change')))
  await Promise.all(folders.map(folder => writeFile(`${folder}/file`, 'new')))
  const names = (await heard).map(([, name]) => name)
  for (const watcher of watchers) watcher.close()
  response.end(names.every(name => name === 'file') ? 'done' : `heard of ${names}`)
}).listen(process.env.PORT)
