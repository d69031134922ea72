import { type chai, type MatchersObject, type MatcherState } from '@vitest/expect'
import { bounded } from '../bounded.ts'

/*
 * Assertions put what they were given into their messages. That came from a learner's program and may be eight megabytes of
 * line feeds, which take half a gigabyte to quote. So what a message is made of is cut before it is made. What is compared is
 * not: only a failed assertion comes here.
 */
type Utils = typeof chai.util
type Assertion = Chai.Assertion & { assert: (...args: unknown[]) => void }

/** chai's own assertions, and those of vitest's that end in `this.assert(…)`. */
export function boundedAssert({ Assertion, util }: typeof chai): void {
  const prototype = Assertion.prototype as unknown as Assertion
  const { assert } = prototype
  prototype.assert = function (this: Assertion, ...args) {
    if (util.test(this, args as never)) return
    boundedly(util, this, args, cut => assert.apply(this, cut))
  }
}

/** The functions of chai's by which vitest's assertions quote values themselves. */
export function boundedUtils(utils: Utils): Utils {
  return {
    ...utils,
    inspect: (value: unknown, ...rest: never[]) => (utils.inspect as (...args: unknown[]) => string)(bounded(value), ...rest),
    getMessage: (assertion: Assertion, args: unknown[]) =>
      boundedly(utils, assertion, [...args], cut => utils.getMessage(assertion as never, cut as never)),
  } as unknown as Utils
}

/** The same for matchers that are written as functions with `this.utils`. */
export function withBoundedUtils(matchers: MatchersObject): MatchersObject {
  return Object.fromEntries(
    Object.entries(matchers).map(([name, matcher]) => [
      name,
      function (this: MatcherState, ...args: unknown[]) {
        const { printReceived, printExpected } = this.utils
        const utils = {
          ...this.utils,
          printReceived: (value: unknown) => printReceived(bounded(value)),
          printExpected: (value: unknown) => printExpected(bounded(value)),
        }
        return (matcher as (...args: unknown[]) => unknown).apply({ ...this, utils }, args)
      },
    ]),
  ) as MatchersObject
}

/** Calls `tell` while the assertion's subject, what was expected and what came (chai's arguments 3 and 4) are cut. */
function boundedly<T>(utils: Utils, assertion: Assertion, args: unknown[], tell: (cut: unknown[]) => T): T {
  const subject: unknown = utils.flag(assertion, 'object')
  utils.flag(assertion, 'object', bounded(subject))
  try {
    return tell(args.map((arg, at) => (at === 3 || at === 4 ? bounded(arg) : arg)))
  } finally {
    utils.flag(assertion, 'object', subject)
  }
}
