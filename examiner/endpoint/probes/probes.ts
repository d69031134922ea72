import type { MassAssignment } from './mass-assignment.ts'
import type { ObjectAccess } from './object-access.ts'
import type { Ask, SendValue, SignIn } from './requests.ts'
import type { SqlInjection } from './sql-injection.ts'
import type { VerboseErrors } from './verbose-errors.ts'

/*
 * Each probe is loaded when a test first calls it: most exercises have none.
 */

/**
 * Security probes for a test to switch on. Each takes the request that it varies as a function, sends it again and again with
 * what an attacker would put there, and fails the test when the program's own behaviour shows the weakness: the message says what
 * was sent, what came, why that is a weakness and what to look for. Errors, refusals (4xx) and closed connections are no
 * weakness, nor is the text that was sent when it merely comes back in the body. What can't be told for sure passes. That the
 * request works without an attack is asked as well: a program that refuses everything fails.
 */
export const probes = {
  /**
   * SQL injection, told by behaviour: pairs of values that differ only in whether a condition in them holds, `' OR 'a'<'b`
   * and `' OR 'b'<'a`, in a text, a number, or a place where a column is named. It fails when their answers differ in the same way
   * in five rounds with other letters, and when one quote alone makes a 5xx that two quotes don't. About 25 requests.
   *
   * `value`: what the program has an answer to (below 400), or a function that draws one where each may be sent once only.
   * `afterwards`: a request sent after each, whose answer is looked at instead, for a value that is stored and put into a
   * statement later (second order).
   */
  sqlInjection: async (send: SendValue, options: SqlInjection): Promise<void> =>
    (await import('./sql-injection.ts')).sqlInjection(send, options),

  /**
   * Access to another's object (IDOR). `read` must show the owner the `secret`: a text that stands in this object alone. Fails when
   * an answer to `other` (or to nobody at all) holds it, and when after `other`'s `change` or `remove` the owner no longer
   * finds the object as it was. `change` must put something else in the place of `secret`. What the program answers is its own
   * affair: 403, 404 and even a 200 without an effect pass.
   */
  objectAccess: async (options: ObjectAccess): Promise<void> => (await import('./object-access.ts')).objectAccess(options),

  /**
   * A request that needs a sign-in, sent without one, with an empty and with a forged token (another of the same length, one
   * character changed; a JSON Web Token also without its signature). Fails when one of these is answered with a 2xx. Last it is sent
   * with `as`, which must be answered below 400. Forged are `authorization`, `cookie`, and headers with token, key, session or auth in
   * their names.
   */
  missingAuthentication: async (ask: Ask, options: { as: SignIn }): Promise<void> =>
    (await import('./missing-authentication.ts')).missingAuthentication(ask, options),

  /**
   * Fields that a request must not set. `send(extra)` sends it with these fields added, first with none; `read` then looks at what
   * became of it. Fails when `read` finds a field of that name (any case, with or without `_`, at any depth) with the value that was
   * sent, which it had not without it. A field that only the answer to `send` repeats does not count. A refusal (4xx) passes.
   * `stuck`, where the field can't be seen itself, says by `read`'s answer whether it has taken effect.
   */
  massAssignment: async (options: MassAssignment): Promise<void> => (await import('./mass-assignment.ts')).massAssignment(options),

  /**
   * A file outside of its folder, by the name of a file in the request: `../`, encoded once and twice, absolute, with backslashes,
   * a NUL before the ending, and behind `value`, the name of a file that is there. Fails when an answer holds the
   * box's own /etc/passwd, or matches one of `files`: names relative to the folder, as `{ '../package.json': /"type"/ }`.
   */
  pathTraversal: async (send: SendValue, options: { value: string; files?: Record<string, RegExp> }): Promise<void> =>
    (await import('./path-traversal.ts')).pathTraversal(send, options),

  /**
   * A value that comes back in a header (a redirect, a file name, a cookie), sent with line breaks and a header of the probe's own
   * behind it. Fails when that header or cookie stands among the answer's, and when the answer is no HTTP any more. Send the value
   * in `json` or `query`: a path can't hold a line break.
   */
  headerInjection: async (send: SendValue, options: { value: string }): Promise<void> =>
    (await import('./header-injection.ts')).headerInjection(send, options),

  /**
   * A redirect whose target comes from the request: fails when it leads to another host, `https://…`, `//…`, `/\…` and the like.
   * `value`: a path of the program's own that it does redirect to.
   */
  openRedirect: async (send: SendValue, options: { value: string }): Promise<void> =>
    (await import('./open-redirect.ts')).openRedirect(send, options),

  /**
   * What an answer to broken input says of the inside: a stack trace, the database's own words or SQL, a path in the file system.
   * Without `json`, `send` gets values that are odd in any place (quotes, NUL, very long, no number); with it, bodies made of that
   * one, which must be answered below 400: cut off, empty, and each field missing, null, of another type, too long, too large.
   * What the good answer holds as well is no finding.
   */
  verboseErrors: async (send: SendValue, options: VerboseErrors = {}): Promise<void> =>
    (await import('./verbose-errors.ts')).verboseErrors(send, options),
}
