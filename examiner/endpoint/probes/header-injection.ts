import type { Response } from '../../authoring/http.ts'
import { HttpFailure } from '../http-failure.ts'
import { answered, attempt } from './attempt.ts'
import { drawn } from './drawn.ts'
import type { SendValue } from './requests.ts'
import { quoted, shownAnswer, weakness } from './weakness.ts'

/** As they are, encoded once more, and letters whose low bytes are CR and LF. */
const BREAKS = ['\r\n', '\n', '\r', '%0d%0a', '%0a', '\u560d\u560a']

export async function headerInjection(send: SendValue, { value }: { value: string }): Promise<void> {
  await answered(`the value ${quoted(value)}`, () => send(value))
  const random = drawn()
  let sendable = false
  for (const end of BREAKS) {
    const name = `x-${random.letters(12)}`
    const token = random.letters(12)
    const attack = `${value}${end}${name}: ${token}${end}set-cookie: ${name}=${token}`
    const answer = await attempt(() => send(attack))
    if (answer === undefined) continue
    sendable = true
    if (!takenOver(answer, name, token)) continue
    throw weakness({
      name: 'Header injection: a line break in a value begins a header of its own',
      sent: [quoted(attack)],
      came: [
        answer instanceof HttpFailure ? shownAnswer(answer) : `${shownAnswer(answer)}; among its headers ${headersWith(answer, name)}`,
      ],
      why: 'Whoever chooses the value can set cookies for the site, or end the head and write the page that follows.',
      look: 'a head of an answer that is written by hand, or a value that goes into a header as it came. Take out everything below a space, or encode it (encodeURIComponent).',
    })
  }
  if (!sendable)
    throw new TypeError('probes.headerInjection: no value with a line break could be sent; put it into json or query, not into the path')
}

/** Headers that a client would read, or a head that it can't read any more. */
function takenOver(answer: Response | HttpFailure, name: string, token: string): boolean {
  if (answer instanceof HttpFailure) return answer.code === 'not_http'
  return answer.headers[name] === token || answer.cookies.some(cookie => cookie.startsWith(`${name}=${token}`))
}

function headersWith({ headers }: Response, name: string): string {
  return Object.entries(headers)
    .filter(([own, value]) => own === name || value.startsWith(`${name}=`))
    .map(([own, value]) => quoted(`${own}: ${value}`))
    .join(' and ')
}
