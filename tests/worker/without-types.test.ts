import { expect, test } from 'vitest'
import { withoutTypes } from '../../worker/pod/without-types.ts'
import { bundleOf } from '../support/examiner-harness.ts'

test('types go, places stay; what is no TypeScript, or more than types, is left to the examiner', () => {
  const bundle = bundleOf({
    'tests/hidden/a.test.ts': 'const a: number = 1\nexport const b = a as unknown as string // ü',
    'tests/hidden/broken.test.ts': 'const a: = 1',
    'tests/hidden/enum.test.ts': 'enum A { b }',
    'tests/helper.js': 'export const c = 1',
    'schema.sql': 'SELECT 1',
  })
  expect(withoutTypes(bundle)).toEqual({
    'tests/hidden/a.test.ts': 'const a         = 1\nexport const b = a                      // ü',
  })
  expect(withoutTypes(bundle)).toBe(withoutTypes(bundle))
})
