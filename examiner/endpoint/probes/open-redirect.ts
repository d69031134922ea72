import { HttpFailure } from '../http-failure.ts'
import { answered, attempt } from './attempt.ts'
import { drawn } from './drawn.ts'
import type { SendValue } from './requests.ts'
import { quoted, shownAnswer, weakness } from './weakness.ts'

export async function openRedirect(send: SendValue, { value }: { value: string }): Promise<void> {
  await answered(`the path ${quoted(value)}`, () => send(value))
  const host = `${drawn().letters(12)}.example`
  const attacks = [
    `https://${host}/`,
    `//${host}/`,
    `/\\${host}/`,
    `\\\\${host}/`,
    `https:${host}/`,
    `/\t/${host}/`,
    `//${host}${value}`,
    // A path of the own host, until it is written without its dot.
    `/.//${host}/`,
    `http://localhost@${host}/`,
    `.${host}/`,
    `@${host}/`,
  ]
  for (const attack of attacks) {
    const answer = await attempt(() => send(attack))
    if (answer === undefined || answer instanceof HttpFailure || answer.status < 300 || answer.status >= 400) continue
    const location = answer.headers['location']
    if (location === undefined || !URL.canParse(location, 'http://localhost')) continue
    if (!new URL(location, 'http://localhost').hostname.endsWith(host)) continue
    throw weakness({
      name: 'Open redirect: the answer leads to a host that the request has chosen',
      sent: [quoted(attack)],
      came: [`${shownAnswer(answer)}, location: ${quoted(location)}`],
      why: 'A link that begins with this site and ends on another is what a fisher of passwords needs.',
      look: 'a target that is only looked at for its beginning. Parse it against the own origin and redirect only where that stays the same, or take targets from a list.',
    })
  }
}
