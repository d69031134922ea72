import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import * as fc from 'fast-check'
import { Mux } from '../../../core/mux.ts'
import { target } from '../target.ts'

const frame = fc
  .record({
    type: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 5 }) }, fc.nat({ max: 255 })),
    id: fc.oneof({ weight: 9, arbitrary: fc.nat({ max: 9 }) }, fc.nat({ max: 2 ** 32 - 1 })),
    payload: fc.uint8Array({ maxLength: 300 }),
    /** Added to the length that the header claims. */
    lie: fc.oneof({ weight: 19, arbitrary: fc.constant(0) }, fc.nat({ max: 2 ** 31 })),
  })
  .map(({ type, id, payload, lie }) => {
    const header = Buffer.alloc(9)
    header.writeUInt8(type, 0)
    header.writeUInt32BE(id, 1)
    header.writeUInt32BE(Math.min(payload.length + lie, 2 ** 32 - 1), 5)
    return Buffer.concat([header, payload])
  })

/** What a box sends down its line: frames near the rules, cut into pieces of any size. */
export const frames = target({
  name: 'frames of a box’s line',
  cases: fc.tuple(fc.array(frame, { maxLength: 20 }), fc.integer({ min: 1, max: 400 })),
  async read([sent, size]) {
    const bytes = Buffer.concat(sent)
    const input = new PassThrough()
    const output = new PassThrough().resume()
    const broken = Promise.withResolvers<void>()
    const opened: Promise<unknown>[] = []
    const mux = new Mux({
      side: 'host',
      input,
      output,
      onStream: (_, stream) => opened.push(text(stream).catch(() => {})),
      onBroken: () => broken.resolve(),
    })
    for (let at = 0; at < bytes.length; at += size) input.write(bytes.subarray(at, at + size))
    input.end()
    await broken.promise
    await Promise.all(opened)
    if (mux.pendingBytes !== 0) throw new Error(`a line that has ended holds ${mux.pendingBytes} bytes`)
    if (!mux.open('late').destroyed) throw new Error('a line that has ended opens streams')
  },
})
