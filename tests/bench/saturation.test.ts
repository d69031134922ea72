import { expect, test } from 'vitest'
import type { OpenDesign } from '../../bench/design.ts'
import { saturate, usageEach } from '../../bench/saturation.ts'

const signal = new AbortController().signal

/** A design whose submissions end in the order and number that the test says; nothing is timed. */
function design(grade: OpenDesign['grade'], ahead = 0): OpenDesign {
  return { ready: async () => {}, grade, ahead, memoryNow: () => 4096, [Symbol.asyncDispose]: async () => {} }
}

const nextTurn = () => new Promise<void>(resolve => setImmediate(resolve))

test('what is through before the window begins is not counted', async () => {
  let asked = 0
  const grade = async () => (asked++, await nextTurn(), { latencyMs: 1 })
  const { graded, inFlight } = await saturate(design(grade, 1), { inFlight: 3, windowMs: 0, signal })
  expect(inFlight).toBe(3)
  // Six fill the window's beginning, the next one ends it; two more were under way.
  expect(graded).toBe(1)
  expect(asked).toBe(9)
})

test('a slot is taken until the boxes of its submission are gone', async () => {
  let under = 0
  let most = 0
  const grade = async () => {
    most = Math.max(most, ++under)
    await nextTurn()
    return { latencyMs: 1, removed: nextTurn().then(() => void under--) }
  }
  await saturate(design(grade), { inFlight: 2, windowMs: 0, signal })
  expect(most).toBe(2)
})

test('a submission that fails ends the measurement, once the others are done', async () => {
  let running = 0
  let asked = 0
  const grade = async () => {
    if (++asked === 2) throw new Error('not accepted')
    running++
    await nextTurn()
    running--
    return { latencyMs: 1 }
  }
  await expect(saturate(design(grade), { inFlight: 2, windowMs: 0, signal })).rejects.toThrow('not accepted')
  expect(running).toBe(0)
})

test('usage is told per submission, by who used it', () => {
  const from = { boxes: { examiner: 10 }, worker: 3 }
  const to = { boxes: { examiner: 14, subject: 2 }, worker: 5 }
  expect(usageEach(from, to, 4)).toEqual({ boxes: { examiner: 1, subject: 0.5 }, worker: 0.5 })
})
