import { once } from 'node:events'
import { createServer } from 'node:http'
import { availableParallelism, getPriority, networkInterfaces, setPriority, tmpdir, userInfo } from 'node:os'

createServer(async (request, response) => {
  for (const signal of ['SIGUSR2', 'SIGHUP', 'SIGTERM', 'SIGWINCH']) {
    const heard = once(process, signal)
    process.kill(process.pid, signal)
    await heard
  }
  setPriority(5)
  const facts = [getPriority() === 5, availableParallelism() > 0, tmpdir() === '/tmp', 'lo' in networkInterfaces(), userInfo().homedir === '/work']
  console.log(facts, userInfo().username, process.report.getReport().userLimits.open_files)
  response.end(facts.every(Boolean) ? 'done' : 'not all of it')
}).listen(process.env.PORT)
