import type { Response } from '../../authoring/http.ts'
import { HttpFailure } from '../http-failure.ts'
import { attempt } from './attempt.ts'
import type { Ask, SignIn } from './requests.ts'
import { notAnswered, shownAnswer, weakness } from './weakness.ts'

export type ObjectAccess = {
  owner: SignIn
  other: SignIn
  /** Stands in this object alone, and nowhere in what others may see. */
  secret: string
  /** One request or several by which the owner sees the object; all of them must show the secret. */
  read: Ask | readonly Ask[]
  /** Puts something else in the place of the secret. */
  change?: Ask
  remove?: Ask
}

export async function objectAccess({ owner, other, secret, read, change, remove }: ObjectAccess): Promise<void> {
  const reads = typeof read === 'function' ? [read] : read
  const holds = (answer: Response | HttpFailure | undefined): answer is Response =>
    answer !== undefined && !(answer instanceof HttpFailure) && (answer.text.includes(secret) || answer.text.includes(quotedIn(secret)))
  for (const each of reads) {
    const own = await each(owner)
    if (!holds(own)) throw notAnswered("the owner's own request, which must show what is theirs,", own)
    for (const [who, as] of [
      ['another user', other],
      ['somebody who is not signed in', {}],
    ] as const) {
      const answer = await attempt(() => each(as))
      if (holds(answer))
        throw found(`by ${who}: the request by which the owner reads the object`, answer, `${who} is shown what is the owner's`)
    }
  }
  const first = reads[0]!
  for (const [words, tamper] of [
    ['changed', change],
    ['removed', remove],
  ] as const) {
    if (!tamper) continue
    const answer = await attempt(() => tamper(other))
    const after = await first(owner)
    if (holds(after) || answer === undefined) continue
    throw found(
      `by another user: the request by which the owner's object is ${words}`,
      answer,
      `another user has ${words} what is the owner's`,
      after,
    )
  }
}

/** As it stands in a JSON text. */
function quotedIn(secret: string): string {
  return JSON.stringify(secret).slice(1, -1)
}

function found(sent: string, answer: Response | HttpFailure, what: string, after?: Response): Error {
  return weakness({
    name: `Access to another user's object (IDOR): ${what}`,
    sent: [sent],
    came: [shownAnswer(answer), ...(after ? [`and then, to the owner: ${shownAnswer(after)}`] : [])],
    why: 'The sign-in says who asks, the id says what is asked for; that the one may have the other was not looked at. Ids can be guessed, read in links and counted up.',
    look: 'a place that finds the object by its id alone. Let the statement ask for both: … WHERE id = $1 AND owner = $2.',
  })
}
