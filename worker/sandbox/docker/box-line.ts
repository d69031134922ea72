import { Readable, type Duplex } from 'node:stream'
import { FIXED } from '../../../core/limits.ts'

/*
 * The engine's attach stream of a box without a terminal: our bytes go in as they are, the box's come out in frames of
 * type (1 stdout, 2 stderr; 1 byte), zero (3), length (4), payload. Whoever is slow to read makes the box wait, not memory grow.
 */
const HEADER = 8
const STDERR = 2
const KEPT_STDERR = 8 * 1024

export type BoxLine = {
  stdout: Readable
  /** The last of what the box's own process (not the learner's program) wrote to its stderr. */
  lastWords: () => string
}

/** Takes the attach stream apart. `stdout` ends when the stream does, in whatever way; `onFlood` is called once stderr is out of bounds. */
export function takeApart(socket: Duplex, onFlood: () => void): BoxLine {
  let header = Buffer.alloc(0)
  let type = 0
  let left = 0
  let tail = Buffer.alloc(0)
  let stderrBytes = 0

  const stdout = new Readable({ read: () => void socket.resume() })

  const hear = (payload: Buffer) => {
    if (type !== STDERR) {
      if (!stdout.push(payload)) socket.pause()
      return
    }
    stderrBytes += payload.length
    tail = Buffer.concat([tail, payload]).subarray(-KEPT_STDERR)
    if (stderrBytes > FIXED.outputKilledBytes) onFlood()
  }

  socket.on('data', (chunk: Buffer) => {
    let rest = chunk
    while (rest.length > 0) {
      if (left === 0) {
        const missing = HEADER - header.length
        header = Buffer.concat([header, rest.subarray(0, missing)])
        rest = rest.subarray(missing)
        if (header.length < HEADER) return
        type = header.readUInt8(0)
        left = header.readUInt32BE(4)
        header = Buffer.alloc(0)
      }
      const payload = rest.subarray(0, left)
      rest = rest.subarray(payload.length)
      left -= payload.length
      if (payload.length > 0) hear(payload)
    }
  })
  const end = () => void (stdout.readableEnded || stdout.destroyed || stdout.push(null))
  socket.once('end', end)
  socket.once('close', end)
  socket.on('error', end)

  return { stdout, lastWords: () => tail.toString('utf8') }
}
