import { CAPS } from './caps.ts'
import { errors } from './undici-client.ts'

/** Why there is no answer to speak of, in words of ours alone: nothing that a program sent stands in them. */
const SENTENCES = {
  no_answer: 'the program closed the connection without an answer',
  cut_short: 'the program closed the connection in the middle of its answer',
  not_http: 'the answer is not valid HTTP/1.1',
  wrong_length: 'the body is not as long as the headers of the answer say',
  headers_too_large: `the headers of the answer are larger than ${kib(CAPS.headerBytes)}`,
  too_many_headers: `the answer has more than ${CAPS.headers} headers`,
  trailers_too_large: `the trailers of the answer are larger than ${kib(CAPS.headerBytes)}`,
  too_many_trailers: `the answer has more than ${CAPS.headers} trailers`,
  too_many_informational: `more than ${CAPS.informational} informational (1xx) answers came before the real one`,
  unasked_upgrade: 'the program switched to another protocol, which was not asked for',
  body_too_large: `the body of the answer is larger than ${mib(CAPS.bodyBytes)}`,
  bodies_too_large: `the answers of this test are larger than ${mib(CAPS.bodyBytesOfTest)} together`,
  too_many_encodings: `the answer has more than ${CAPS.contentEncodings} content encodings`,
  unknown_encoding: 'the content encoding of the answer is none of gzip, deflate and br',
  not_encoded: 'the body is not what the content encoding of the answer says',
  unpacked_too_large: `the unpacked body is larger than ${mib(CAPS.unpackedBytes)}`,
  unpacked_ratio: `the body unpacks to more than ${CAPS.unpackedRatio} times its size`,
  too_many_requests: `this test has sent more than ${CAPS.requestsOfTest} requests`,
  time_over: "there was no whole answer before the test's time was over",
} as const

export type HttpFailureCode = keyof typeof SENTENCES

/** A request that got no whole answer: the test fails unless it expects that. */
export class HttpFailure extends Error {
  readonly code: HttpFailureCode

  constructor(request: string, code: HttpFailureCode, options?: ErrorOptions) {
    super(`${request}: ${SENTENCES[code]}.`, options)
    this.name = 'HttpFailure'
    this.code = code
  }
}

/** What an error of undici's, or of the stream, means. `answering`: the head of the answer had come. */
export function failureCode(error: unknown, answering: boolean): HttpFailureCode {
  if (error instanceof errors.HeadersOverflowError) return answering ? 'trailers_too_large' : 'headers_too_large'
  if (error instanceof errors.ResponseContentLengthMismatchError) return 'wrong_length'
  if (error instanceof errors.HTTPParserError) return parserCode(error, answering)
  if (error instanceof errors.SocketError && error.message === 'bad upgrade') return 'unasked_upgrade'
  if (error instanceof errors.SocketError && error.message === 'bad response') return 'not_http'
  // What undici takes for granted of a parsed head and a program needn't keep to, as a status of 000.
  if ((error as NodeJS.ErrnoException).code === 'ERR_ASSERTION') return 'not_http'
  return answering ? 'cut_short' : 'no_answer'
}

/** A request that can't be sent: what the test asked for, though it may have taken it from an answer. */
export function isUnsendable(error: unknown): error is Error {
  return (
    error instanceof errors.InvalidArgumentError ||
    error instanceof errors.NotSupportedError ||
    error instanceof errors.RequestContentLengthMismatchError
  )
}

function parserCode(error: Error, answering: boolean): HttpFailureCode {
  // The parser's word for an end where more had to come.
  if (/EOF|Response does not match the HTTP\/1\.1 protocol \(Premature/i.test(error.message)) return answering ? 'cut_short' : 'no_answer'
  return 'not_http'
}

function kib(bytes: number): string {
  return `${bytes / 1024} KiB`
}

function mib(bytes: number): string {
  return `${bytes / 1024 ** 2} MiB`
}
