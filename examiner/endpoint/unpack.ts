import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib'
import { CAPS, type Allowance } from './caps.ts'
import { HttpFailure } from './http-failure.ts'

/**
 * A body without the content encodings that its header names (RFC 9110, 8.4): gzip, deflate (with zlib's head or without it,
 * as servers send both) and br. Each step stops at its cap, so that a bomb costs what the cap costs.
 * Throws HttpFailure; `request` names the request in it.
 */
export async function unpack(request: string, header: string | undefined, body: Buffer, allowance: Allowance): Promise<Buffer> {
  const encodings = (header ?? '')
    .split(',')
    .map(name => name.trim().toLowerCase())
    .filter(name => name !== '' && name !== 'identity')
  if (encodings.length > CAPS.contentEncodings) throw new HttpFailure(request, 'too_many_encodings')
  let bytes = body
  for (const encoding of encodings.toReversed()) {
    const step = STEPS[encoding]
    if (!step) throw new HttpFailure(request, 'unknown_encoding')
    if (bytes.length > 0) bytes = await capped(request, step, bytes)
    allowance.bytes -= bytes.length
    if (allowance.bytes < 0) throw new HttpFailure(request, 'bodies_too_large')
  }
  return bytes
}

type Step = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>

const STEPS: Record<string, Step | undefined> = {
  __proto__: null as never,
  gzip: promisify(gunzip) as Step,
  'x-gzip': promisify(gunzip) as Step,
  // The first byte of zlib's head says "deflate" in its lower half; raw data begins so only when it is stored or reserved.
  deflate: (bytes, options) => (promisify((bytes[0]! & 0x0f) === 8 ? inflate : inflateRaw) as Step)(bytes, options),
  br: promisify(brotliDecompress) as Step,
}

async function capped(request: string, step: Step, bytes: Buffer): Promise<Buffer> {
  const byRatio = Math.max(CAPS.unpackedFreely, bytes.length * CAPS.unpackedRatio)
  const most = Math.min(CAPS.unpackedBytes, byRatio)
  try {
    return await step(bytes, { maxOutputLength: most })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw new HttpFailure(request, 'not_encoded')
    throw new HttpFailure(request, most === CAPS.unpackedBytes ? 'unpacked_too_large' : 'unpacked_ratio')
  }
}
