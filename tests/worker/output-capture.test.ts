import { expect, test } from 'vitest'
import { OutputCapture } from '../../worker/pod/output-capture.ts'

const print = (capture: OutputCapture, text: string) => capture.add('stdout', Buffer.from(text))

test('what is printed from the first hidden test on is not the learner’s to see', () => {
  const capture = new OutputCapture()
  print(capture, 'starting\n')
  capture.testStarts('visible-one', false)
  print(capture, 'visible request\n')
  capture.testEnds()
  capture.testStarts('hidden-one', true)
  print(capture, 'GET /secret\n')
  capture.testEnds()
  print(capture, 'still talking of /secret\n')
  expect(capture.open.text()).toBe('starting\nvisible request\n')
  expect(capture.all.text()).toContain('/secret')
  expect(capture.ofTest('hidden-one')).toBe('GET /secret\n')
  expect(capture.ofTest('visible-one')).toBe('visible request\n')
  expect(capture.lastLines(2)).toEqual({ open: 'starting\nvisible request', all: 'GET /secret\nstill talking of /secret' })
})

test('head and tail are kept, however much comes', () => {
  const capture = new OutputCapture()
  print(capture, 'first\n')
  for (let i = 0; i < 200; i++) print(capture, 'x'.repeat(64 * 1024))
  print(capture, '\nlast')
  const text = capture.all.text()
  expect(text.startsWith('first\n')).toBe(true)
  expect(text.endsWith('\nlast')).toBe(true)
  expect(text).toContain('characters left out')
  expect(text.length).toBeLessThan(300_000)
})

test('characters split between chunks stay whole, NUL and broken bytes are replaced', () => {
  const capture = new OutputCapture()
  const [one, two] = [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)]
  capture.add('stdout', one)
  capture.add('stderr', Buffer.from('e'))
  capture.add('stdout', two)
  capture.add('stdout', Buffer.from([0, 0xff]))
  expect(capture.all.text()).toBe('eé\uFFFD\uFFFD')
})
