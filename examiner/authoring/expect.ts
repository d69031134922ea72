import {
  ASYMMETRIC_MATCHERS_OBJECT,
  chai,
  ChaiStyleAssertions,
  customMatchers,
  getState,
  GLOBAL_EXPECT,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
  type ExpectStatic,
} from '@vitest/expect'
import { boundedAssert, boundedUtils, withBoundedUtils } from './bounded-messages.ts'
import { schemaMatchers } from './match-schema.ts'
import { currentTest } from './test-context.ts'

/*
 * vitest's `expect` without vitest: its assertions are plug-ins of chai. Each assertion is told the test it stands in,
 * so that one on a promise that nobody awaits still fails that test.
 */
for (const plugin of [JestExtend, JestChaiExpect, ChaiStyleAssertions, JestAsymmetricMatchers]) {
  chai.use((own, utils) => plugin(own, boundedUtils(utils)))
}
boundedAssert(chai)
chai.config.truncateThreshold = 200

declare module '@vitest/expect' {
  interface Matchers<R, T> {
    /** Passes when the value is valid by a JSON Schema (draft 2020-12); a failure lists what is wrong, by path. */
    toMatchSchema: (schema: object) => R
  }
}

export const expect: ExpectStatic = makeExpect()

function makeExpect(): ExpectStatic {
  const make = (value: unknown, message?: string) => {
    const assertion = chai.expect(value, message) as Chai.Assertion & { withTest: (test: object) => Chai.Assertion }
    const test = currentTest()
    return test ? assertion.withTest(test) : assertion
  }
  const globals = globalThis as unknown as Record<symbol, object>
  const made = Object.assign(make, chai.expect, globals[ASYMMETRIC_MATCHERS_OBJECT]) as unknown as ExpectStatic
  made.getState = () => getState(made)
  made.setState = state => setState(state, made)
  made.extend = matchers => (chai.expect as unknown as { extend: (to: ExpectStatic, matchers: object) => void }).extend(made, matchers)
  setState({ assertionCalls: 0, isExpectingAssertions: false, expectedAssertionsNumber: null }, made)
  made.extend(withBoundedUtils(customMatchers))
  made.extend(schemaMatchers)
  Object.defineProperty(globalThis, GLOBAL_EXPECT, { value: made, configurable: true, writable: true })
  return made
}
