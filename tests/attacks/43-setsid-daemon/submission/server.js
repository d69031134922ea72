// On the first request it hands its port on to a process in a session of its own, leaves spinning ones behind, and ends.
import { fork, spawn } from 'node:child_process'
import { createServer } from 'node:http'

const answer = (request, response) => response.end(`Hello, ${new URL(request.url, 'http://x').searchParams.get('name')}!`)

if (process.argv[2] === 'heir') {
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) process.on(signal, () => {})
  process.on('message', (message, listener) => {
    createServer((request, response) => {
      console.log('the heir answers')
      answer(request, response)
    }).listen(listener)
    process.send('taken')
  })
} else {
  const server = createServer(() => {
    const heir = fork('server.js', ['heir'], { detached: true, stdio: 'inherit' })
    const stay = 'setsid sh -c "trap : TERM HUP INT; while :; do :; done" & setsid sh -c "exec sleep 1000" &'
    spawn('/bin/sh', ['-c', stay], { detached: true, stdio: 'inherit' }).unref()
    heir.send('yours', server)
    heir.once('message', () => {
      // The heir shows that it can, before the one who was started is no more.
      fetch(`http://127.0.0.1:${process.env.PORT}/?name=Ada`).then(() => process.exit(0))
      server.close()
    })
  }).listen(process.env.PORT)
}
