import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { PassThrough, Writable, type Duplex } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { Mux } from '../../core/mux.ts'

type End = { mux: Mux; opened: Promise<{ name: string; stream: Duplex }>; broken: Promise<Error | undefined>; raw: PassThrough }

function pair(): { host: End; box: End } {
  const toBox = new PassThrough()
  const toHost = new PassThrough()
  const end = (side: 'host' | 'box', input: PassThrough, output: PassThrough): End => {
    const opened = Promise.withResolvers<{ name: string; stream: Duplex }>()
    const broken = Promise.withResolvers<Error | undefined>()
    const mux = new Mux({ side, input, output, onStream: (name, stream) => opened.resolve({ name, stream }), onBroken: broken.resolve })
    return { mux, opened: opened.promise, broken: broken.promise, raw: output }
  }
  return { host: end('host', toHost, toBox), box: end('box', toBox, toHost) }
}

describe('streams over one pair of pipes', () => {
  test('carry bytes both ways with half-closes', async () => {
    const { host, box } = pair()
    const mine = host.mux.open('main')
    mine.end('question')
    const { name, stream } = await box.opened
    expect(name).toBe('main')
    expect(await text(stream)).toBe('question')
    stream.end('answer')
    expect(await text(mine)).toBe('answer')
  })

  test('can be opened by the box', async () => {
    const { host, box } = pair()
    box.mux.open('out').end('printed')
    const { name, stream } = await host.opened
    expect(name).toBe('out')
    expect(await text(stream)).toBe('printed')
  })

  test('carry more than a window when it is read', async () => {
    const { host, box } = pair()
    const sent = randomBytes(3_000_000)
    host.mux.open('bulk').end(sent)
    const { stream } = await box.opened
    expect((await buffer(stream)).equals(sent)).toBe(true)
  })

  test('do not hold each other up: one that nobody reads leaves the others going', async () => {
    const { host, box } = pair()
    const stuck = host.mux.open('stuck')
    stuck.write(randomBytes(1_000_000))
    await box.opened
    const later = Promise.withResolvers<string>()
    box.mux.open('free').end('through')
    const { stream } = await host.opened
    text(stream).then(later.resolve, later.reject)
    expect(await later.promise).toBe('through')
    expect(stuck.writableLength).toBeGreaterThan(500_000)
  })

  test('are reset by the other end when destroyed', async () => {
    const { host, box } = pair()
    const mine = host.mux.open('main')
    mine.write('x')
    const { stream } = await box.opened
    const closed = new Promise(resolve => mine.once('close', resolve))
    stream.destroy()
    await closed
    expect(mine.destroyed).toBe(true)
  })

  test('all end when the line ends', async () => {
    const { host, box } = pair()
    const mine = host.mux.open('main')
    const closed = new Promise(resolve => mine.once('close', resolve))
    box.raw.end()
    expect(await host.broken).toBeUndefined()
    await closed
    expect(host.mux.open('late').destroyed).toBe(true)
  })
})

const frame = (type: number, id: number, payload: Buffer, length = payload.length) => {
  const head = Buffer.alloc(9)
  head.writeUInt8(type, 0)
  head.writeUInt32BE(id, 1)
  head.writeUInt32BE(length, 5)
  return Buffer.concat([head, payload])
}

describe('a stream that the other end resets', () => {
  /** What the host's reader of stream 2 is told, of frames that come in one piece. */
  async function read(frames: Buffer[], reading: (stream: Duplex, told: string[]) => void): Promise<string[]> {
    const { host, box } = pair()
    const told: string[] = []
    box.raw.write(Buffer.concat([frame(1, 2, Buffer.from('x')), ...frames, frame(4, 2, Buffer.alloc(0))]))
    const { stream } = await host.opened
    stream.on('error', error => told.push(error.message)).on('end', () => told.push('end'))
    const closed = new Promise(resolve => stream.once('close', resolve))
    stream.write('nobody takes this', () => {})
    reading(stream, told)
    await closed
    return told
  }
  const whenReadable = (stream: Duplex, told: string[]) =>
    stream.on('readable', () => {
      for (let part; (part = stream.read(2));) told.push(`${part} of a stream that is ${stream.destroyed ? 'gone' : 'there'}`)
    })
  const asItComes = (stream: Duplex, told: string[]) => stream.on('data', part => told.push(String(part)))
  const bit = (text: string) => frame(2, 2, Buffer.from(text))
  const end = frame(3, 2, Buffer.alloc(0))

  test.each([
    ['as it comes', asItComes, ['abcd']],
    ['when there is something', whenReadable, ['ab of a stream that is there', 'cd of a stream that is there']],
  ])('is read first, %s, and breaks then', async (_, reading, parts) => {
    expect(await read([bit('abcd')], reading)).toEqual([...parts, 'reset by the other end'])
    expect(await read([bit('abcd'), end], reading)).toEqual([...parts, 'end', 'reset by the other end'])
    expect(await read([], reading)).toEqual(['reset by the other end'])
  })

  test('takes nothing after that, and is one of as many as there may be until it is read', async () => {
    const { host, box } = pair()
    const after = [bit('late'), end, frame(5, 2, Buffer.alloc(4, 1)), frame(4, 2, Buffer.alloc(0)), frame(1, 2, Buffer.from('y'))]
    box.raw.write(Buffer.concat([frame(1, 2, Buffer.from('x')), bit('abcd'), frame(4, 2, Buffer.alloc(0)), ...after]))
    const { stream } = await host.opened
    expect((await host.broken)?.message).toBe("stream 2 is not the other end's to open")
    expect(String(stream.read())).toBe('abcd')
  })
})

describe('a hostile other end breaks its own line', () => {
  test.each([
    ['printing text where frames belong', Buffer.from('hello, I am a program that prints to the wrong place\n')],
    ['an unknown frame type', frame(9, 2, Buffer.alloc(0))],
    ['a frame above the cap', frame(2, 2, Buffer.alloc(0), 2 ** 31)],
    ["opening one of the host's numbers", frame(1, 1, Buffer.from('x'))],
    ['opening without a name', frame(1, 2, Buffer.alloc(0))],
    ['granting more than a window', Buffer.concat([frame(1, 2, Buffer.from('x')), frame(5, 2, Buffer.from([0, 0, 0, 1]))])],
    ['a name above the cap', frame(1, 2, Buffer.alloc(65, 'n'))],
  ])('by %s', async (_, bytes) => {
    const { host, box } = pair()
    box.raw.write(bytes)
    expect(await host.broken).toBeInstanceOf(Error)
  })

  test('by sending more than was granted', async () => {
    const { host, box } = pair()
    box.raw.write(frame(1, 2, Buffer.from('flood')))
    for (let sent = 0; sent <= 256 * 1024; sent += 60_000) box.raw.write(frame(2, 2, Buffer.alloc(60_000)))
    await host.opened
    expect((await host.broken)?.message).toContain('granted')
  })

  test('but not by more streams than there may be: those are refused one by one', async () => {
    const input = new PassThrough()
    const opened: string[] = []
    const broken = Promise.withResolvers<Error | undefined>()
    const output = new PassThrough().resume()
    const mux = new Mux({ side: 'host', input, output, onStream: name => opened.push(name), onBroken: broken.resolve })
    expect(mux.open('ours').destroyed).toBe(false)
    input.end(Buffer.concat(Array.from({ length: 200 }, (_, at) => frame(1, 2 + 2 * at, Buffer.from(`theirs ${at}`)))))
    expect(await broken.promise).toBeUndefined()
    expect(opened).toEqual(Array.from({ length: 127 }, (_, at) => `theirs ${at}`))
  })

  test('by asking without end and taking no answer', async () => {
    const input = new PassThrough()
    const broken = Promise.withResolvers<Error | undefined>()
    const neverTaken = new Writable({ write: () => {} })
    const mux = new Mux({
      side: 'host',
      input,
      output: neverTaken,
      onStream: (_, stream) => void stream.destroy(),
      onBroken: broken.resolve,
    })
    const asking = setInterval(() => input.write(questions), 0)
    let next = 2
    const questions = Buffer.concat(Array.from({ length: 50_000 }, () => frame(1, (next += 2), Buffer.from('x'))))
    expect((await broken.promise)?.message).toContain('takes nothing')
    expect(mux.open('late').destroyed).toBe(true)
    clearInterval(asking)
  })

  test.each([
    ['random bytes', (at: number) => noise(`bytes ${at}`, 1 + (at % 90))],
    ['frames of random make', randomFrames],
  ])('by %s, or the line goes on: nothing is thrown, little is held', async (_, make) => {
    let broke = 0
    for (let at = 0; at < 200; at++) {
      const { host, box } = pair()
      const taken = once(box.raw, 'data')
      box.raw.write(make(at))
      await taken
      expect(host.mux.pendingBytes).toBeLessThan(9 + 64 * 1024)
      const after = host.mux.open('after')
      after.end('still there')
      // What was begun may be completed, and found wrong, only by what the box's end answers.
      const arrived = box.opened.then(async ({ name, stream }) => ({ name, said: await text(stream) }))
      const end = await Promise.race([host.broken.then(reason => ({ reason })), arrived])
      if ('said' in end) {
        expect(end, `case ${at}`).toEqual({ name: 'after', said: 'still there' })
        continue
      }
      broke++
      expect(end.reason, `case ${at}`).toBeInstanceOf(Error)
      expect(after.destroyed).toBe(true)
      const more = once(box.raw, 'data')
      box.raw.write(noise(`more ${at}`, 100_000))
      await more
      expect(host.mux.pendingBytes).toBe(0)
    }
    expect(broke).toBeGreaterThan(0)
    expect(broke).toBeLessThan(200)
  })
})

/** The same at every run, so that a case that fails fails again. */
function noise(seed: string, length: number): Buffer {
  return createHash('shake256', { outputLength: length }).update(seed).digest()
}

/** Near enough to what is in order to get past the first checks: known types, few streams, lengths that mostly fit. */
function randomFrames(at: number): Buffer {
  const dice = noise(`frames ${at}`, 40)
  const frames = Array.from({ length: 1 + (at % 8) }, (_, index) => {
    const [type, id, length, odd] = dice.subarray(index * 5, index * 5 + 4)
    const payload = noise(`${at} ${index}`, length! % 8 === 0 ? length! * 200 : length! % 60)
    return frame(1 + (type! % 5), id! % 6, payload, odd! < 20 ? payload.length + odd! * 5000 : payload.length)
  })
  return Buffer.concat(frames)
}
