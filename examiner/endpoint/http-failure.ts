import { errors } from 'undici'

/** Why there is no answer to speak of, in words of ours alone: nothing that a program sent stands in them. */
const SENTENCES = {
  no_answer: 'the program closed the connection without an answer',
  cut_short: 'the program closed the connection in the middle of its answer',
  not_http: 'the answer is not valid HTTP/1.1',
  wrong_length: 'the body is not as long as the headers of the answer say',
  headers_too_large: 'the headers of the answer are larger than 32 KiB',
  too_many_headers: 'the answer has more than 200 headers',
  too_many_informational: 'more than 20 informational (1xx) answers came before the real one',
  unasked_upgrade: 'the program switched to another protocol, which was not asked for',
  body_too_large: 'the body of the answer is larger than 8 MiB',
  bodies_too_large: 'the answers of this test are larger than 64 MiB together',
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
  if (error instanceof errors.HeadersOverflowError) return 'headers_too_large'
  if (error instanceof errors.ResponseContentLengthMismatchError) return 'wrong_length'
  if (error instanceof errors.HTTPParserError) return parserCode(error, answering)
  if (error instanceof errors.SocketError && error.message === 'bad upgrade') return 'unasked_upgrade'
  if (error instanceof errors.SocketError && error.message === 'bad response') return 'not_http'
  return answering ? 'cut_short' : 'no_answer'
}

function parserCode(error: Error, answering: boolean): HttpFailureCode {
  // The parser's word for an end where more had to come.
  if (/EOF|Response does not match the HTTP\/1\.1 protocol \(Premature/i.test(error.message)) return answering ? 'cut_short' : 'no_answer'
  return 'not_http'
}
