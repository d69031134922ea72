import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { brotliCompressSync, deflateRawSync, gzipSync } from 'node:zlib'

const OK = 'HTTP/1.1 200 OK\r\n'
const GZIP_BOMB = gzipSync(Buffer.alloc(64 * 1024 ** 2))
const BROTLI_BOMB = brotliCompressSync(Buffer.alloc(64 * 1024 ** 2))
const JSON_TEXT = '{"a":1}'

/** What a program may do to who asks it; the path of the request chooses. Section 7 of the attack corpus. */
export const BEHAVIOURS: Record<string, (socket: Socket) => void> = {
  'infinite-body': socket => {
    socket.write(`${OK}transfer-encoding: chunked\r\n\r\n`)
    repeat(socket, `10000\r\n${'x'.repeat(0x10000)}\r\n`)
  },
  'infinite-body-of-single-bytes': socket => {
    socket.write(`${OK}transfer-encoding: chunked\r\n\r\n`)
    repeat(socket, '1\r\nx\r\n'.repeat(10_000))
  },
  'slow-drip': socket => {
    socket.write(`${OK}content-length: 1000\r\n\r\n`)
    drip(socket, 'x')
  },
  'slow-drip-of-headers': socket => {
    socket.write(OK)
    drip(socket, 'a: b\r\n')
  },
  'header-bomb': socket => socket.write(`${OK}bomb: ${'x'.repeat(1024 ** 2)}\r\ncontent-length: 0\r\n\r\n`),
  'endless-headers': socket => {
    socket.write(OK)
    repeat(socket, 'name: value\r\n'.repeat(1000))
  },
  'many-headers': socket => socket.write(`${OK}${Array.from({ length: 300 }, (_, i) => `h${i}: 1\r\n`).join('')}content-length: 0\r\n\r\n`),
  'endless-informational': socket => repeat(socket, 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'.repeat(100)),
  'gzip-bomb': socket => {
    socket.write(`${OK}content-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: ${GZIP_BOMB.length}\r\n\r\n`)
    socket.write(GZIP_BOMB)
  },
  'length-and-chunked': socket =>
    socket.write(`${OK}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n${OK}content-length: 6\r\n\r\nforged`),
  'two-lengths': socket => socket.write(`${OK}content-length: 5\r\ncontent-length: 6\r\n\r\nhello`),
  'an-answer-more': socket => socket.write(`${OK}content-length: 5\r\n\r\nhello${OK}content-length: 6\r\n\r\nforged`),
  'bare-line-feeds': socket => socket.end('HTTP/1.1 200 OK\ncontent-length: 2\n\nhi'),
  'not-http': socket => socket.end('220 mail.example ESMTP\r\n'),
  'redirect-loop': socket => socket.end(`HTTP/1.1 302 Found\r\nlocation: /redirect-loop\r\ncontent-length: 0\r\n\r\n`),
  'redirect-away': socket => socket.end(`HTTP/1.1 307 Go\r\nlocation: http://169.254.169.254/latest/\r\ncontent-length: 0\r\n\r\n`),
  'no-reply': () => {},
  'closes-at-once': socket => socket.end(),
  resets: socket => socket.resetAndDestroy(),
  'resets-in-the-body': socket => socket.write(`${OK}content-length: 100\r\n\r\nhalf`, () => socket.resetAndDestroy()),
  'ends-in-the-body': socket => socket.end(`${OK}content-length: 100\r\n\r\nhalf`),
  'ends-in-the-headers': socket => socket.end(`${OK}content-le`),
  'unasked-upgrade': socket => {
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-extensions: permessage-deflate\r\n\r\n',
    )
    socket.write(Buffer.from([0xc1, 0x7e, 0xff, 0xff, 1, 2, 3]))
  },
  'continue-without-end': socket => repeat(socket, 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(100)),
  'status-line-without-end': socket => {
    socket.write('HTTP/1.1 200 ')
    repeat(socket, 'x'.repeat(0x10000))
  },
  'blank-lines-without-end': socket => repeat(socket, '\r\n'.repeat(0x8000)),
  'status-zero': socket => socket.end('HTTP/1.1 000 None\r\n\r\n'),
  'http-0-9': socket => socket.end('hello'),
  'http-2': socket => socket.write(Buffer.from('000006040000000000000400001000', 'hex')),
  'nul-in-a-header': socket => socket.end(`${OK}x: a\0b\r\ncontent-length: 0\r\n\r\n`),
  'odd-header-name': socket => socket.end(`${OK}x y(\u00ff): a\r\ncontent-length: 0\r\n\r\n`),
  'folded-header': socket => socket.end(`${OK}x: a\r\n b\r\ncontent-length: 2\r\n\r\nhi`),
  'negative-length': socket => socket.end(`${OK}content-length: -1\r\n\r\nhi`),
  'huge-length': socket => socket.end(`${OK}content-length: 99999999999999999999999999\r\n\r\nhi`),
  'negative-chunk': socket => socket.end(`${OK}transfer-encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n`),
  'huge-chunk': socket => socket.end(`${OK}transfer-encoding: chunked\r\n\r\nffffffffffffffffffff\r\nhello`),
  'chunk-extension-without-end': socket => {
    socket.write(`${OK}transfer-encoding: chunked\r\n\r\n5;`)
    repeat(socket, 'x'.repeat(0x10000))
  },
  'trailers-without-end': socket => {
    socket.write(`${OK}transfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n`)
    repeat(socket, 'name: value\r\n'.repeat(1000))
  },
  'many-trailers': socket =>
    socket.end(
      `${OK}transfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n${Array.from({ length: 300 }, (_, i) => `t${i}: 1\r\n`).join('')}\r\n`,
    ),
  'unknown-transfer-encoding': socket => socket.end(`${OK}transfer-encoding: gzip\r\n\r\nhi`),
  'no-content-with-a-body': socket => socket.end(`HTTP/1.1 204 No Content\r\ncontent-length: 6\r\n\r\nforged`),
  'longer-than-its-length': socket => socket.end(`${OK}content-length: 2\r\n\r\nhi and more`),
  'strange-headers-twice': socket =>
    socket.end(`${OK}${'__proto__: x\r\nconstructor: y\r\ntoString: z\r\n'.repeat(2)}content-length: 0\r\n\r\n`),
  'unpacks-gzip': socket => encoded(socket, 'gzip', gzipSync(JSON_TEXT)),
  'unpacks-twice': socket => encoded(socket, 'deflate, br', brotliCompressSync(deflateRawSync(JSON_TEXT))),
  'unpacks-gzip-bomb': socket => encoded(socket, 'gzip', GZIP_BOMB),
  'unpacks-brotli-bomb': socket => encoded(socket, 'br', BROTLI_BOMB),
  'unpacks-encoding-chain': socket => encoded(socket, Array(1000).fill('gzip').join(','), GZIP_BOMB),
  'unpacks-unknown': socket => encoded(socket, '__proto__', GZIP_BOMB),
  'unpacks-what-is-not-packed': socket => encoded(socket, 'gzip', Buffer.from('hello')),
  'unpacks-half': socket => encoded(socket, 'gzip', gzipSync(JSON_TEXT.repeat(1000)).subarray(0, 30)),
  'twice-the-same-name': socket => body(socket, '{"a":[{"b":1,"c":":","b":2}]}'),
  'json-of-many-values': socket => body(socket, `[${'[],'.repeat(1_000_000)}0]`),
  'many-at-once': socket => body(socket, 'x'.repeat(7 * 1024 ** 2)),
  'many-jsons': socket => body(socket, `[${'[[]],'.repeat(60_000)}0]`),
  'never-reads': socket => socket.pause(),
  'text-of-line-feeds': socket => body(socket, '\n'.repeat(8 * 1024 ** 2)),
  'continue-unasked': socket => socket.end(`HTTP/1.1 100 Continue\r\n\r\n${OK}content-length: 2\r\n\r\nhi`),
  'deep-json': socket => body(socket, '['.repeat(1_000_000) + ']'.repeat(1_000_000)),
  'prototype-json': socket => body(socket, '{"__proto__":{"passed":true},"constructor":{"prototype":{"passed":true}},"passed":false}'),
  'huge-number': socket => body(socket, '{"n":1e400}'),
  'escaped-surrogate': socket => body(socket, '{"n":"\\ud800"}'),
  'byte-order-mark': socket => body(socket, '\uFEFF{"a":1}'),
  'utf-16': socket => body(socket, Buffer.from('\uFEFF{"a":1}', 'utf16le')),
  overlong: socket => body(socket, Buffer.from([0x22, 0xc0, 0xaf, 0x22])),
  'wide-json': socket => body(socket, `[${'{"a":1},'.repeat(300_000)}0]`),
  'strange-text': socket => body(socket, JSON.stringify('\u001B]52;c;Zm9v\u0007\u202E\uD800\u0000'.repeat(3))),
  'strange-header': socket => socket.end(`${OK}__proto__: x\r\nset-cookie: a=1\r\nset-cookie: b=2\r\ncontent-length: 0\r\n\r\n`),
  'stays-open': socket => socket.write(`${OK}connection: keep-alive\r\ncontent-length: 2\r\n\r\nhi`),
}

export type HostileServer = AsyncDisposable & { port: number; open: Set<Socket> }

export async function startHostileServer(): Promise<HostileServer> {
  const open = new Set<Socket>()
  const server = createServer(socket => {
    open.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => open.delete(socket))
    socket.once('data', head => BEHAVIOURS[/ \/([a-z0-9-]+)/.exec(String(head))?.[1] ?? '']?.(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    open,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function body(socket: Socket, text: string | Buffer): void {
  const bytes = Buffer.from(text as string)
  socket.write(`${OK}content-type: application/json\r\ncontent-length: ${bytes.length}\r\n\r\n`)
  socket.end(bytes)
}

function encoded(socket: Socket, encoding: string, bytes: Buffer): void {
  socket.write(`${OK}content-encoding: ${encoding}\r\ncontent-length: ${bytes.length}\r\n\r\n`)
  socket.end(bytes)
}

/** As fast as it is taken. */
function repeat(socket: Socket, text: string): void {
  const more = () => {
    while (!socket.destroyed && socket.write(text));
  }
  socket.on('drain', more)
  more()
}

function drip(socket: Socket, text: string): void {
  const timer = setInterval(() => socket.write(text), 50)
  socket.on('close', () => clearInterval(timer))
}
