import { currentTest, type TestContext } from './authoring/test-context.ts'

/** The test under way, while there is one. */
let listening: TestContext | undefined

/** From now until the returned function is called, what nobody catches is this test's. */
export function collectUncaught(context: TestContext): () => void {
  listening = context
  return () => {
    if (listening === context) listening = undefined
  }
}

/**
 * Keeps a test's uncaught errors from ending the process: they are the test's that is under way, unless they are known to
 * come from an earlier one, whose result has been told. Those only go to the log.
 */
export function guardAgainstUncaught(log: (text: string) => void): void {
  const take = (error: unknown) => {
    const from = currentTest()
    // The first says what was wrong; a program that makes a million of them shall not fill our memory.
    if (listening && (!from || from === listening)) listening.uncaught ??= { error }
    else log(`uncaught: ${error instanceof Error ? error.stack : String(error)}\n`)
  }
  process.on('unhandledRejection', take)
  process.on('uncaughtException', take)
}
