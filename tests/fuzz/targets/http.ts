import { Duplex } from 'node:stream'
import * as fc from 'fast-check'
import { newAllowance } from '../../../examiner/endpoint/caps.ts'
import { exchange } from '../../../examiner/endpoint/exchange.ts'
import { HttpFailure } from '../../../examiner/endpoint/http-failure.ts'
import { responseOf } from '../../../examiner/endpoint/response.ts'
import { mutated } from '../mutate.ts'
import { target } from '../target.ts'

const answers = [
  'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 15\r\n\r\n{"hello":"you"}',
  'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntrailer: x\r\n\r\n5;ext=1\r\nhello\r\n0\r\nx: y\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 204 No Content\r\nset-cookie: a=b\r\nset-cookie: c=d\r\n\r\n',
  'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n\xc1\x7e\xff\xff',
  'HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n4\r\n\x1f\x8b\x08\x00\r\n0\r\n\r\n',
  'HTTP/1.0 200 OK\r\nContent-Type: text/plain; charset=utf-16\r\n\r\n\xff\xfeh\x00i\x00',
  'HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n',
].map(text => Buffer.from(text, 'latin1'))

/** What a learner's server answers, read by the examiner. */
export const http = target({
  name: 'HTTP answers',
  cases: fc.record({
    bytes: mutated(answers),
    pieces: fc.integer({ min: 1, max: 5 }),
    ends: fc.constantFrom('end', 'destroy'),
    method: fc.constantFrom('GET', 'HEAD', 'POST'),
  }),
  async read({ bytes, pieces, ends, method }) {
    const allowance = newAllowance()
    const pod = { openSubject: () => server(bytes, pieces, ends) } as unknown as Parameters<typeof exchange>[0]
    try {
      const answer = await exchange(pod, { method, path: '/', headers: {} }, allowance, AbortSignal.timeout(10_000))
      const response = responseOf(`${method} /`, answer, allowance)
      for (const part of [() => response.text, () => response.json, () => response.headers]) attempt(part)
      await response.unpacked()
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error
      if (/time/.test(error.message) && /limit/.test(error.message))
        throw new Error('the examiner waited for what had ended', { cause: error })
    }
  },
})

/** A body that isn't what a test takes it for is told to the test by an Error of ours, in words. */
function attempt(part: () => unknown): void {
  try {
    part()
  } catch (error) {
    if (!(error instanceof Error) || error.message.length > 100_000) throw error
  }
}

/** The other end of a connection: says its bytes in pieces once it was asked, and goes. */
function server(bytes: Buffer, pieces: number, ends: 'end' | 'destroy'): Duplex {
  const size = Math.max(1, Math.ceil(bytes.length / pieces))
  const stream: Duplex = new Duplex({
    read() {},
    write(_chunk, _encoding, done) {
      done()
      if (stream.readableEnded || asked) return
      asked = true
      for (let at = 0; at < bytes.length; at += size) stream.push(bytes.subarray(at, at + size))
      if (ends === 'end') stream.push(null)
      else setImmediate(() => stream.destroy(new Error('reset')))
    },
  })
  let asked = false
  return stream
}
