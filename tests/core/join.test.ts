import { once } from 'node:events'
import { PassThrough, type Duplex } from 'node:stream'
import { expect, test } from 'vitest'
import { join } from '../../core/join.ts'
import { Mux } from '../../core/mux.ts'

/** Both ends of one stream over a line of its own. */
async function ends(): Promise<[Duplex, Duplex]> {
  const [there, back] = [new PassThrough(), new PassThrough()]
  const opened = Promise.withResolvers<Duplex>()
  const onBroken = () => {}
  const host = new Mux({ side: 'host', input: back, output: there, onStream: () => {}, onBroken })
  const box = new Mux({ side: 'box', input: there, output: back, onStream: (_, stream) => opened.resolve(stream), onBroken })
  expect(box).toBeDefined()
  const mine = host.open('x')
  return [mine, await opened.promise]
}

async function joined() {
  const [[examiner, asking], [answering, program]] = await Promise.all([ends(), ends()])
  join(asking, answering)
  const broken = new Promise(resolve => answering.once('close', resolve))
  return { examiner, program, broken }
}

test.each([
  ['breaks, its words get through', 150_000, false],
  ['ends and breaks, its words and its end get through', 150_000, true],
  ['breaks without a word, who asks breaks, too', 0, false],
])('where what answers %s', async (_, bytes, ends) => {
  const { examiner, program, broken } = await joined()
  // More than is ever taken.
  examiner.write('y'.repeat(1_000_000))
  await once(program, 'readable')
  // More than the line takes before it is read at the other end.
  if (ends) program.end('x'.repeat(bytes), () => program.destroy())
  else program.write('x'.repeat(bytes), () => program.destroy())
  await broken
  const told: string[] = []
  let heard = 0
  const closed = new Promise(resolve => examiner.once('close', resolve))
  examiner.on('data', (chunk: Buffer) => (heard += chunk.length))
  examiner.on('end', () => told.push('end')).on('error', error => told.push(error.message))
  await closed
  expect({ heard, told }).toEqual({ heard: bytes, told: [...(ends ? ['end'] : []), 'reset by the other end'] })
})

test('who asks and breaks off ends what answers, though that takes nothing', async () => {
  const { examiner, program } = await joined()
  examiner.write('y'.repeat(1_000_000))
  await once(program, 'readable')
  examiner.destroy()
  const [error] = (await once(program, 'error')) as [Error]
  expect(error.message).toBe('reset by the other end')
})
