import { pino, type DestinationStream, type Logger } from 'pino'

/** Fields that may hold a secret, a person's address or a learner's code: never in a log. */
const REDACTED = ['authorization', 'token', 'secret', 'password', 'email', 'owner', 'files', 'body', 'cookie']

/** JSON lines. What operators need is logged as fields; a learner is named by the id of their submission or token. */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: undefined,
    redact: { paths: REDACTED.flatMap(name => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
  }
  return destination ? pino(options, destination) : pino(options)
}
