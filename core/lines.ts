import type { Readable } from 'node:stream'

/**
 * Newline-delimited JSON from a stream, one value at a time. The bytes may be hostile: a line above `maxLine` bytes,
 * or more than `maxTotal` in all, throws.
 */
export async function* jsonLines(stream: Readable, { maxLine, maxTotal }: { maxLine: number; maxTotal: number }): AsyncGenerator {
  let parts: Buffer[] = []
  let length = 0
  let total = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    total += chunk.length
    if (total > maxTotal) throw new Error(`more than ${maxTotal} bytes of messages`)
    let from = 0
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
      parts.push(chunk.subarray(from, at))
      const line = Buffer.concat(parts)
      if (line.length > maxLine) throw new Error(`a message above ${maxLine} bytes`)
      if (line.length > 0) yield JSON.parse(line.toString('utf8'))
      parts = []
      length = 0
      from = at + 1
    }
    parts.push(chunk.subarray(from))
    length += chunk.length - from
    if (length > maxLine) throw new Error(`a message above ${maxLine} bytes`)
  }
}

export function jsonLine(value: unknown): string {
  return `${JSON.stringify(value)}\n`
}
