import { CommandError, endOf, EXIT } from '../../cli/errors.ts'
import { interruptible } from '../../cli/interruptible.ts'

/**
 * Runs a bench until it is done or interrupted, and ends the process as Assay's commands end: what was wrong on stderr, the exit
 * code of cli/errors.ts. What was broken off may still be waiting for something; nobody waits for it.
 */
export async function runBench(name: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  try {
    await interruptible(work)
  } catch (error) {
    const { exitCode, message } = endOf(isOfTheOptions(error) ? new CommandError(EXIT.usage, error.message) : error)
    if (message) process.stderr.write(`${name}: ${message}\n`)
    process.exit(exitCode)
  }
}

/** What util.parseArgs says of an option that it doesn't know. */
function isOfTheOptions(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
}
