// Asks a cloud's metadata service for the machine's credentials.
import { createServer } from 'node:http'

for (const url of ['http://169.254.169.254/latest/meta-data/', 'http://[fd00:ec2::254]/latest/meta-data/', 'http://metadata.google.internal/']) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(800), headers: { 'metadata-flavor': 'Google' } })
    console.log('REACHED', url, await response.text())
  } catch (error) {
    console.log('no', url, error.cause?.code ?? error.name)
  }
}
console.log('tried')

createServer((request, response) => response.end('{}')).listen(process.env.PORT)
