import type { Response } from '../../authoring/http.ts'
import { HttpFailure } from '../http-failure.ts'
import { answered, attempt } from './attempt.ts'
import type { SendValue } from './requests.ts'
import { findTelltale } from './telltales.ts'
import { excerpt, quoted, shownAnswer, weakness } from './weakness.ts'

export type VerboseErrors = {
  /** A good body: `send` then gets bodies, as text. */
  json?: Record<string, unknown>
}

const LONG = 'x'.repeat(20_000)
const VALUES = [
  "'",
  '"',
  '\\',
  '%',
  '%zz',
  '\0',
  '-1',
  '0',
  '1.5',
  '1e400',
  '99999999999999999999',
  'NaN',
  '[object Object]',
  '__proto__',
  '../',
  '{',
  '<x>',
  LONG,
]
const WRONG: readonly unknown[] = [null, true, -1, 1e300, 99999999999999, '', "'", '\0', '\ud800', LONG, [], [[]], {}, { a: 1 }, ['x', 1]]

export async function verboseErrors(send: SendValue, { json }: VerboseErrors): Promise<void> {
  const good = json && (await answered('the good body', () => send(JSON.stringify(json))))
  for (const broken of json ? brokenBodies(json) : VALUES) {
    const answer = await attempt(() => send(broken))
    if (answer === undefined || answer instanceof HttpFailure) continue
    const found = findTelltale(wholeOf(answer), good && wholeOf(good))
    if (!found) continue
    throw weakness({
      name: `Verbose errors: the answer to broken input holds ${found.what}`,
      sent: [quoted(broken)],
      came: [shownAnswer(answer), `in it: ${excerpt(found.words, 160)}`],
      why: 'It tells an attacker what the program is made of, where it lies and how its statements read; other attacks begin with that. It tells a client nothing that it could act on.',
      look: 'an error that is answered as it was caught (error.message, error.stack, the error itself as JSON). Log it, and answer with a code of your own.',
    })
  }
}

function wholeOf({ headers, text }: Response): string {
  return `${text}\n${Object.values(headers).join('\n')}`
}

function brokenBodies(json: Record<string, unknown>): string[] {
  const whole = JSON.stringify(json)
  const put = (name: string, value: unknown) => JSON.stringify({ ...json, [name]: value })
  return [
    '',
    whole.slice(0, -2),
    `${whole}}`,
    "{'a': 1}",
    'null',
    '[]',
    '"text"',
    '0',
    '[{}]'.repeat(2),
    '['.repeat(2_000),
    ...Object.keys(json).flatMap(name => [
      JSON.stringify(Object.fromEntries(Object.entries(json).filter(([own]) => own !== name))),
      ...WRONG.map(value => put(name, value)),
    ]),
  ]
}
