import { answered, attempt, isSuccess } from './attempt.ts'
import { drawn } from './drawn.ts'
import type { Ask, SignIn } from './requests.ts'
import { shownAnswer, weakness } from './weakness.ts'

export async function missingAuthentication(ask: Ask, { as }: { as: SignIn }): Promise<void> {
  for (const { words, headers } of forgeries(as)) {
    const answer = await attempt(() => ask(headers))
    if (!isSuccess(answer)) continue
    const missing = Object.keys(headers).length < Object.keys(as).length
    throw weakness({
      name: missing
        ? 'Missing authentication: the request is served to anybody'
        : 'Missing authentication: a sign-in that was never given is taken',
      sent: [`the request ${words}`],
      came: [shownAnswer(answer)],
      why: 'This request is for users who have signed in. Who has not is to be refused (401) before anything is looked up or done.',
      look: missing
        ? 'a route that the check of the sign-in was not put in front of. Better refuse everywhere and name the few open routes.'
        : 'a check that only looks whether the header is there, or reads a token without verifying it. Look the token up, or verify its signature.',
    })
  }
  // Last, since it may be a request that works once only.
  await answered('the request with its sign-in', () => ask(as))
}

const CREDENTIAL = /^authorization$|^cookie$|token|key|session|auth/i
/** The token of "Bearer abc", "session=abc" and "abc". */
const TOKEN = /[^\s=;]+$/

function forgeries(as: SignIn): { words: string; headers: SignIn }[] {
  const random = drawn()
  const credentials = Object.keys(as).filter(name => CREDENTIAL.test(name))
  const without = Object.fromEntries(Object.entries(as).filter(([name]) => !credentials.includes(name)))
  return [
    { words: 'without a sign-in', headers: without },
    ...credentials.flatMap(name => {
      const token = TOKEN.exec(as[name]!)?.[0] ?? ''
      const put = (words: string, other: string) => ({
        words: `with ${words} in the header ${name}`,
        headers: { ...as, [name]: as[name]!.slice(0, as[name]!.length - token.length) + other },
      })
      return [
        put('an empty token', ''),
        put('a made-up token of the same length', random.letters(Math.max(token.length, 8))),
        ...changed(token).map(other => put('one character of the token changed', other)),
        ...unsigned(token).map(other => put('the token without its signature (alg "none")', other)),
      ]
    }),
  ]
}

/** At three places of the last part, its last character not among them: that of a Base64 text may carry bits that nobody reads. */
function changed(token: string): string[] {
  const last = token.lastIndexOf('.') + 1
  const length = token.length - last
  if (length < 4) return []
  return [Math.floor(length / 4), Math.floor(length / 2), length - 2].map(place => {
    const at = last + place
    const other = /[a-y0-8]/i.test(token[at]!) ? String.fromCharCode(token.charCodeAt(at) + 1) : 'a'
    return `${token.slice(0, at)}${other}${token.slice(at + 1)}`
  })
}

/** The forgeries of a JSON Web Token that need no key; none where the token is something else. */
function unsigned(token: string): string[] {
  const [header, payload, signature] = token.split('.')
  if (!header || !payload || signature === undefined) return []
  try {
    const said = JSON.parse(Buffer.from(header, 'base64url').toString()) as object
    const none = Buffer.from(JSON.stringify({ ...said, alg: 'none' })).toString('base64url')
    return [`${none}.${payload}.`, `${header}.${payload}.`]
  } catch {
    return []
  }
}
