// The very answer, so that any reader that guesses an alphabet would take it.
import { createServer } from 'node:http'

const utf32 = text => Buffer.concat([...text].map(character => Buffer.from([character.codePointAt(0), 0, 0, 0])))
const swapped = text => Buffer.from(text, 'utf16le').swap16()
// Each letter in two bytes where one is enough: the slash of a path that a filter does not see.
const overlong = text => Buffer.from([...text].flatMap(character => [0xc0 | (character.charCodeAt(0) >> 6), 0x80 | (character.charCodeAt(0) & 0x3f)]))
const alphabets = [
  ['utf-16le', text => Buffer.from(`\uFEFF${text}`, 'utf16le')],
  ['utf-16', text => Buffer.from(text, 'utf16le')],
  ['utf-16be', swapped],
  ['utf-32', utf32],
  ['utf-8', overlong],
  ['utf-8', text => Buffer.from(`\uFEFF${text}`)],
  ['utf-8', text => Buffer.concat([Buffer.from(text), Buffer.from([0xff])])],
  ['utf-8', text => Buffer.concat([Buffer.from(text), Buffer.from([0xed, 0xa0, 0x80])])],
  ['utf-7', text => Buffer.from([...text].map(character => `+${Buffer.from(character, 'utf16le').swap16().toString('base64').replace('=', '')}-`).join(''))],
]
let asked = process.pid
createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost')
  const of = searchParams.get('of')
  const [charset, write] = alphabets[asked++ % alphabets.length]
  const text =
    pathname === '/words'
      ? `${of} ${of} ${of}`
      : pathname === '/items'
        ? JSON.stringify({ total: 2, items: [1, 2].map(id => ({ id, name: of })) })
        : `${pathname.slice('/parts/'.length)} ${of}`
  console.log('written in', charset)
  response.writeHead(200, { 'content-type': `application/json; charset=${charset}` }).end(write(text))
}).listen(process.env.PORT)
