import { createServer } from 'node:http'

createServer((request, response) => {
  for (let line = 0; line < 1000; line++) {
    console.log(`${new Date().toISOString()} info  step ${line} of the work, which has a long name: ${'.'.repeat(40)}`)
    console.error(`${new Date().toISOString()} warn  step ${line} might have been quicker ${'.'.repeat(40)}`)
  }
  console.log('the last step')
  response.end('done')
}).listen(process.env.PORT)
