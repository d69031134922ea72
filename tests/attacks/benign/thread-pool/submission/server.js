// The pool's size is read when the pool is first used: by a program of its own, with the size in its environment.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'

createServer(async (request, response) => {
  const pool = spawn(process.execPath, ['pool.js'], { env: { ...process.env, UV_THREADPOOL_SIZE: '32' }, stdio: ['ignore', 'inherit', 'inherit'] })
  const [code] = await once(pool, 'exit')
  response.end(code === 0 ? 'done' : `code ${code}`)
}).listen(process.env.PORT)
