// Leaves by any way there is: TCP, UDP, both families.
import { createSocket } from 'node:dgram'
import { createServer } from 'node:http'
import { connect } from 'node:net'

const tcp = (host, port) =>
  new Promise(resolve => {
    const socket = connect({ host, port, timeout: 600 })
    socket.on('connect', () => resolve(`REACHED ${host} by TCP`))
    socket.on('timeout', () => resolve(`${host} timeout`))
    socket.on('error', error => resolve(`${host} ${error.code}`))
  })
const udp = (type, host) =>
  new Promise(resolve => createSocket(type).send('out', 53, host, error => resolve(error ? `${host} ${error.code}` : `REACHED ${host} by UDP`)))
const ways = [tcp('1.1.1.1', 443), tcp('8.8.8.8', 53), tcp('2606:4700:4700::1111', 443), udp('udp4', '8.8.8.8'), udp('udp4', '224.0.0.1'), udp('udp6', '2606:4700:4700::1111')]
for (const answer of await Promise.all(ways)) console.log(answer)
console.log('tried')

createServer((request, response) => response.end('{}')).listen(process.env.PORT)
