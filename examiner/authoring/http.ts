/** The learner's program over HTTP. Every request has a connection of its own, and the rest of the test's time. */
export type Http = {
  /** `path` begins with "/"; query parameters may stand in it or in `query`. */
  request: (method: string, path: string, options?: RequestOptions) => Promise<Response>
  get: (path: string, options?: RequestOptions) => Promise<Response>
  post: (path: string, options?: RequestOptions) => Promise<Response>
  put: (path: string, options?: RequestOptions) => Promise<Response>
  patch: (path: string, options?: RequestOptions) => Promise<Response>
  delete: (path: string, options?: RequestOptions) => Promise<Response>
  /**
   * Begins a request as a slow client does: when this resolves, all of it but its last byte is sent and the program has had 10 ms to
   * take it; `finish()` sends the last one and gives the answer. `answer` is the same without finishing: a program may refuse a body before it is whole.
   */
  slowly: (method: string, path: string, options?: RequestOptions) => Promise<SlowRequest>
  /**
   * Sends exactly these bytes on a connection of its own, HTTP or not, and gives what came back until the program closed the
   * connection or said nothing for `waitMs` (by default 500): `text`, `status` when that begins as an answer does, `closed`.
   */
  raw: (bytes: string | Uint8Array, options?: { waitMs?: number }) => Promise<RawAnswer>
}

export type SlowRequest = { finish: () => Promise<Response>; answer: Promise<Response> }
export type RawAnswer = { status: number | undefined; text: string; closed: boolean }

export type RequestOptions = {
  /** Sent as JSON, with `content-type: application/json` unless `headers` say otherwise. */
  json?: unknown
  /** Sent as it is; instead of `json`. */
  body?: string | Uint8Array
  headers?: Record<string, string>
  query?: Record<string, string | number | boolean | readonly (string | number | boolean)[]>
}

/** A whole answer: redirects are not followed, and nothing is unpacked unless asked for. */
export type Response = {
  readonly status: number
  /** By lower-case name; several of one name are joined with ", ". */
  readonly headers: Readonly<Record<string, string>>
  /** Each `set-cookie` header by itself. */
  readonly cookies: readonly string[]
  readonly bytes: Uint8Array
  /** The body as UTF-8; bytes that are none become U+FFFD. */
  readonly text: string
  /**
   * The body as JSON. Fails the test, with the beginning of the body, when it is none; and with the reason when it is nested
   * more than 200 deep, has the same name twice in an object, or a number that no double holds.
   */
  // oxlint-disable-next-line typescript/no-explicit-any -- a test reads into it without ceremony
  readonly json: any
  /** The same answer without its content encodings (gzip, deflate, br). Fails the test when the body is not what they say. */
  readonly unpacked: () => Promise<Response>
}
