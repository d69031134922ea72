'use strict'

/*
 * The first requests of a server take many times as long as later ones: what answers them is compiled and learnt on the way.
 * A program that waits answers some ahead, by a server that never listens: its connections are streams of this file, and what
 * is to be done later is done here, since no event loop runs yet. Nothing of it is left but code that is ready.
 */
const { createServer } = require('node:http')
const { Duplex } = require('node:stream')

const ROUNDS = 3
const BODY = JSON.stringify({ id: 1, name: 'practice' })
const REQUESTS = [
  ['POST /practice', BODY],
  ['GET /practice?limit=3'],
  ['GET /practice/1'],
  ['PUT /practice/1', BODY],
  ['DELETE /practice/1'],
  ['GET /nowhere'],
]
/** A body is read and answered within this many turns of what is to be done later. */
const TURNS = 6

/** With Express, where that was loaded ahead. */
exports.practise = function practise(express) {
  const server = createServer(express ? appOf(express) : answerPlainly)
  for (let round = 0; round < ROUNDS; round++) for (const [line, body = ''] of REQUESTS) ask(server, line, body)
}

function appOf(express) {
  const app = express()
  app.use((request, response, next) => {
    // Node keeps the date that it told for the rest of the second.
    response.sendDate = false
    next()
  })
  app.use(express.json())
  app.post('/practice', ({ body }, response) => response.status(201).location('/practice/1').json(body))
  app.get('/practice', ({ query }, response) => response.json([query]))
  app.get('/practice/:id', ({ params }, response) => response.json(params))
  app.put('/practice/:id', ({ body }, response) => response.json(body))
  app.delete('/practice/:id', (request, response) => response.status(204).end())
  app.use((request, response) => response.status(404).json({ error: 'not_found' }))
  return app
}

function answerPlainly(request, response) {
  let text = ''
  request.on('data', chunk => (text += chunk))
  request.on('end', () => {
    response.sendDate = false
    response.writeHead(200, { 'Content-Type': 'application/json' })
    response.end(JSON.stringify({ text }))
  })
}

function ask(server, line, body) {
  const connection = new Connection()
  server.emit('connection', connection)
  connection.push(
    `${line} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n` +
      `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  )
  for (let turn = 0; turn < TURNS; turn++) process._tickCallback()
  connection.destroy()
  process._tickCallback()
}

/** As much of a socket as a server of Node's asks for. */
class Connection extends Duplex {
  _read() {}
  _write(chunk, encoding, done) {
    done()
  }
  setTimeout() {
    return this
  }
  setNoDelay() {}
  setKeepAlive() {}
  destroySoon() {
    this.end()
  }
}
