// Every status and header that may send a client elsewhere. Whoever follows comes by /followed.
import { createServer } from 'node:http'

const to = [
  'http://169.254.169.254/latest/meta-data/',
  'http://127.0.0.1:9229/json/list',
  'http://localhost:2375/containers/json',
  'http://[::1]:6379/',
  'file:///etc/passwd',
  'unix:/var/run/docker.sock:/info',
  '//127.0.0.1:4180/internal/v1',
  '/followed',
  `http://localhost:${process.env.PORT}/followed`,
  'gopher://127.0.0.1:6379/_FLUSHALL',
]
const statuses = [301, 302, 303, 307, 308, 300, 305, 401, 407, 201]
let asked = 0
createServer((request, response) => {
  if (request.url.includes('followed')) console.log('OPEN redirect followed')
  const at = asked++ % to.length
  const location = to[at]
  console.log('sent elsewhere')
  response.writeHead(statuses[at], {
    location,
    refresh: `0; url=${location}`,
    'content-location': location,
    'alt-svc': `h2="127.0.0.1:${process.env.PORT}"`,
    link: `<${location}>; rel=preload`,
    'www-authenticate': 'Basic realm="x"',
    'proxy-authenticate': 'Basic realm="x"',
    'clear-site-data': '*',
  })
  response.end(location)
}).listen(process.env.PORT)
