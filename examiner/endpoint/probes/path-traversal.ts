import { HttpFailure } from '../http-failure.ts'
import { answered, attempt } from './attempt.ts'
import type { SendValue } from './requests.ts'
import { quoted, shownAnswer, weakness } from './weakness.ts'

const UP = '../'.repeat(12)
/** Every box has it, and nothing but that file looks like it. */
const PASSWD = /^root:[^:\n]*:0:0:/m

export async function pathTraversal(
  send: SendValue,
  { value, files = {} }: { value: string; files?: Record<string, RegExp> },
): Promise<void> {
  await answered(`the file ${quoted(value)}, which is there,`, () => send(value))
  const ending = /\.\w+$/.exec(value)?.[0] ?? '.txt'
  const tries: [name: string, leaks: RegExp][] = [
    ...[
      `${UP}etc/passwd`,
      '/etc/passwd',
      `${UP}etc/passwd`.replaceAll('/', '%2f'),
      `${UP}etc/passwd`.replaceAll('../', '%2e%2e%2f'),
      `${UP}etc/passwd`.replaceAll('../', '%252e%252e%252f'),
      `${UP}etc/passwd`.replaceAll('../', '....//'),
      `${UP}etc/passwd`.replaceAll('/', '\\'),
      `${UP}etc/passwd\0${ending}`,
      `${UP}etc/passwd%00${ending}`,
      `${value}/${UP}etc/passwd`,
      `./${UP}etc/passwd`,
      'file:///etc/passwd',
    ].map((name): [string, RegExp] => [name, PASSWD]),
    ...Object.entries(files).flatMap(([name, leaks]) =>
      [name, name.replaceAll('/', '%2f'), `${value}/../${name}`].map((each): [string, RegExp] => [each, leaks]),
    ),
  ]
  for (const [name, leaks] of tries) {
    const answer = await attempt(() => send(name))
    if (answer === undefined || answer instanceof HttpFailure || answer.text.search(leaks) < 0) continue
    throw weakness({
      name: 'Path traversal: a file outside of the folder is given out',
      sent: [quoted(name)],
      came: [shownAnswer(answer)],
      why: 'The name leads out of the folder that the program means to serve. Every file that the program can read is open to everybody, its own settings and keys first.',
      look: 'a path that is joined from a name of the request. Take the name only if it stands in a list or matches a pattern, or compare what path.resolve makes of it with the folder.',
    })
  }
}
