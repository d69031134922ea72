import type { RawAnswer } from '../authoring/http.ts'
import { cleanText } from '../clean-text.ts'
import type { Pod } from '../pod.ts'
import { BodyBuffer } from './body-buffer.ts'
import { CAPS, type Allowance } from './caps.ts'
import { HttpFailure } from './http-failure.ts'

/** Bytes as they are on a connection of their own, and what comes back: bounded as an answer is, and ended by the test's time. */
export async function rawExchange(
  pod: Pod,
  bytes: string | Uint8Array,
  { waitMs, allowance, signal }: { waitMs: number; allowance: Allowance; signal: AbortSignal },
): Promise<RawAnswer> {
  const words = `the raw bytes ${JSON.stringify(cleanText(Buffer.from(bytes).toString('latin1').slice(0, 60), 40))}`
  signal.throwIfAborted()
  if (--allowance.requests < 0) throw new HttpFailure(words, 'too_many_requests')
  const connection = pod.openSubject()
  const buffer = new BodyBuffer()
  const ended = Promise.withResolvers<boolean>()
  const silent = () => ended.resolve(false)
  let timer = setTimeout(silent, waitMs)
  const timeOver = () => ended.reject(new HttpFailure(words, 'time_over'))
  signal.addEventListener('abort', timeOver)
  connection.on('error', () => ended.resolve(true))
  connection.on('end', () => ended.resolve(true))
  connection.on('close', () => ended.resolve(true))
  connection.on('data', (chunk: Buffer) => {
    clearTimeout(timer)
    timer = setTimeout(silent, waitMs)
    allowance.bytes -= chunk.length
    if (buffer.length + chunk.length > CAPS.bodyBytes) ended.reject(new HttpFailure(words, 'body_too_large'))
    else if (allowance.bytes < 0) ended.reject(new HttpFailure(words, 'bodies_too_large'))
    else buffer.add(chunk)
  })
  try {
    connection.write(bytes)
    const closed = await ended.promise
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(buffer.bytes())
    const status = /^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1]
    return { status: status === undefined ? undefined : Number(status), text, closed }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', timeOver)
    connection.destroy()
  }
}
