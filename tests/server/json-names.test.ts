import { assert, json, property } from 'fast-check'
import { expect, test } from 'vitest'
import { repeatedName } from '../../server/json-names.ts'

test.each<[text: string, path: string[] | undefined]>([
  ['{}', undefined],
  ['{"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}]}', undefined],
  ['{"a":"a","b":"a\\":","c":"{\\"a\\":1,\\"a\\":2}"}', undefined],
  ['{"a":1,"a":1}', ['a']],
  ['{"a":1 , "\\u0061" \n\t: 2}', ['a']],
  ['{"a":{"b":1,"b":2}}', ['a', 'b']],
  ['{"x":[],"a":{"y":{},"b":"\\\\","b":2}}', ['a', 'b']],
  [`{"a"${' '.repeat(500)}:1,"a"${'\t'.repeat(500)}:1}`, ['a']],
  ['{"":1,"":1}', ['']],
])('%s', (text, path) => {
  expect(repeatedName(text)).toEqual(path)
})

test('nothing that was written from an object repeats a name', () => {
  assert(property(json(), text => repeatedName(text) === undefined))
})
