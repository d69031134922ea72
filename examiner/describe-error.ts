import { inspect } from 'node:util'
import { bounded } from './bounded.ts'
import { cleanText } from './clean-text.ts'
import { difference } from './difference.ts'

const MESSAGE = 8_000
const CAUSES = 3

/**
 * What was thrown, in words for a report: the message, for an assertion what was expected and what came, the causes, and
 * the line of the exercise's file (below `folder`) that it came from. Never throws, whatever it is given.
 */
export function describeError(error: unknown, folder: string): string {
  try {
    const parts = [words(error).replaceAll(`${folder}/`, ''), difference(error), place(error, folder)]
    return cleanText(parts.filter(Boolean).join('\n\n'), MESSAGE)
  } catch {
    return 'The test threw something that cannot be shown.'
  }
}

function words(error: unknown): string {
  if (!(error instanceof Error)) return `The test threw ${inspect(bounded(error), { depth: 4, breakLength: 120 })}`
  const message = error.message.slice(0, MESSAGE).replace(' // Object.is equality', '')
  const own = ['Error', 'AssertionError', 'TestFailure', 'HttpFailure'].includes(error.name) ? message : `${error.name}: ${message}`
  const causes: string[] = []
  for (let cause = error.cause; cause instanceof Error && causes.length < CAUSES; cause = cause.cause) {
    if (!own.includes(cause.message)) causes.push([words(new Error(cause.message)), difference(cause)].filter(Boolean).join('\n\n'))
  }
  return [own, ...causes].join('\n\ncaused by: ')
}

/** The first line of the stack that stands in the exercise; a syntax error has its place before the message. */
function place(error: unknown, folder: string): string | undefined {
  const stack = error instanceof Error && typeof error.stack === 'string' ? error.stack.slice(0, 100_000) : ''
  const lines = stack.split('\n')
  const line = lines.find((each, at) => each.includes(`${folder}/`) && (at === 0 || /^\s+at /.test(each)))
  const found = line && /^([^:]*):(\d+(?::\d+)?)\)?$/.exec(line.slice(line.indexOf(`${folder}/`) + folder.length + 1))
  return found ? `at ${found[1]}:${found[2]}` : undefined
}
