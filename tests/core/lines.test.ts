import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { jsonLines } from '../../core/lines.ts'

async function read(chunks: readonly (string | Buffer)[]): Promise<unknown[]> {
  const values: unknown[] = []
  const stream = Readable.from(chunks.map(chunk => Buffer.from(chunk)))
  for await (const value of jsonLines(stream, { maxLine: 20, maxTotal: 60 })) values.push(value)
  return values
}

test('values come one by one, however they are cut', async () => {
  expect(await read(['{"a":', '1}\n[2', ']\n\n"é', '"\n'])).toEqual([{ a: 1 }, [2], 'é'])
  const [first, second] = [Buffer.from('"é"\n').subarray(0, 2), Buffer.from('"é"\n').subarray(2)]
  expect(await read([first, second])).toEqual(['é'])
})

test.each([
  ['a line that is too long', [`"${'x'.repeat(30)}"\n`], 'above 20 bytes'],
  ['a line that never ends', ['x'.repeat(15), 'x'.repeat(15)], 'above 20 bytes'],
  ['more than is taken in all', Array.from({ length: 40 }, () => '1\n'), 'more than 60 bytes'],
  ['what is no JSON', ['{]\n'], 'JSON'],
])('%s is refused', async (_, chunks, words) => {
  await expect(read(chunks)).rejects.toThrow(words)
})
