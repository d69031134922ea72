import { Duplex } from 'node:stream'
import { expect, test } from 'vitest'
import { newAllowance } from '../../../examiner/endpoint/caps.ts'
import { exchange } from '../../../examiner/endpoint/exchange.ts'
import type { Pod } from '../../../examiner/pod.ts'

/** A program that takes no connection, or lets each one go at once; `opened` counts them. */
function refusing(end: (stream: Duplex) => void) {
  const counted = { opened: 0 }
  const openSubject = () => {
    counted.opened++
    const stream = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() })
    end(stream)
    return stream
  }
  return { counted, pod: { openSubject } as unknown as Pod }
}

test.each<[string, (stream: Duplex) => void]>([
  ['before it is taken', stream => stream.destroy()],
  ['with an error', stream => stream.destroy(new Error('reset'))],
  ['without a word', stream => stream.push(null)],
])('a connection that ends %s is not tried again behind the test’s back', async (_, end) => {
  const { counted, pod } = refusing(end)
  const signal = AbortSignal.timeout(5_000)
  await expect(exchange(pod, { method: 'GET', path: '/', headers: {} }, newAllowance(), signal)).rejects.toThrow(/connection|listen/)
  expect(signal.aborted).toBe(false)
  expect(counted.opened).toBe(1)
})
