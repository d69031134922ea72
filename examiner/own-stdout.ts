import { Writable } from 'node:stream'

const PRINTED_BYTES = 64 * 1024

/**
 * Takes stdout for the line to the worker alone: whatever else is printed, by a test or a package, goes to stderr instead,
 * and no more of that than someone reads.
 */
export function takeStdout(): { line: Writable; log: (text: string) => void } {
  const toStdout = process.stdout.write.bind(process.stdout)
  const toStderr = process.stderr.write.bind(process.stderr)
  let left = PRINTED_BYTES
  const print = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    const bytes = Buffer.from(chunk as string).subarray(0, Math.max(0, left))
    left -= bytes.length
    if (bytes.length > 0) toStderr(bytes)
    const done = rest.find(each => typeof each === 'function')
    if (done) process.nextTick(done)
    return true
  }
  process.stdout.write = print
  process.stderr.write = print
  const line = new Writable({
    write: (chunk: Buffer, _encoding, done) => void toStdout(chunk, done),
    writev: (chunks: { chunk: Buffer }[], done) => void toStdout(Buffer.concat(chunks.map(({ chunk }) => chunk)), done),
  })
  process.stdout.on('error', error => line.destroy(error))
  return { line, log: text => void print(text) }
}
