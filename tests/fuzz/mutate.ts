import * as fc from 'fast-check'

/** One change to bytes: where, how far, and what stands there afterwards. Positions are taken modulo the length. */
type Change = { kind: 'flip' | 'cut' | 'double' | 'put' | 'move'; at: number; length: number; bytes: Uint8Array }

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('flip', 'cut', 'double', 'put', 'move'),
  at: fc.nat(),
  length: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 4096 })),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 16 }),
})

/** Bytes that are almost those of a seed: what is wholly at random never gets past a reader's first check. */
export function mutated(seeds: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const near = fc
    .tuple(fc.constantFrom(...seeds), fc.array(change, { minLength: 0, maxLength: 8 }))
    .map(([seed, changes]) => changes.reduce(apply, seed))
  return fc.oneof(
    { weight: 9, arbitrary: near },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 2048 }).map(bytes => Buffer.from(bytes)) },
  )
}

/** Text that is almost that of a seed, with pieces put in that its reader gives a meaning to. */
export function mutatedText(seeds: readonly string[], pieces: readonly string[]): fc.Arbitrary<string> {
  const piece = fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 12 }))
  const edit = fc.record({ at: fc.nat(), length: fc.oneof(fc.constant(0), fc.nat({ max: 40 })), piece })
  return fc.tuple(fc.constantFrom(...seeds), fc.array(edit, { maxLength: 8 })).map(([seed, edits]) =>
    edits.reduce((text, { at, length, piece }) => {
      const from = text.length === 0 ? 0 : at % (text.length + 1)
      return text.slice(0, from) + piece + text.slice(from + length)
    }, seed),
  )
}

function apply(from: Buffer, { kind, at, length, bytes }: Change): Buffer {
  const position = from.length === 0 ? 0 : at % from.length
  const end = Math.min(from.length, position + length)
  const part = from.subarray(position, end)
  if (kind === 'flip')
    return Buffer.concat([
      from.subarray(0, position),
      bytes.subarray(0, end - position),
      from.subarray(position + Math.min(bytes.length, end - position)),
    ])
  if (kind === 'cut') return Buffer.concat([from.subarray(0, position), from.subarray(end)])
  if (kind === 'double') return Buffer.concat([from.subarray(0, end), part, from.subarray(end)])
  if (kind === 'put') return Buffer.concat([from.subarray(0, position), bytes, from.subarray(position)])
  return Buffer.concat([from.subarray(0, position), from.subarray(end), part])
}
