import type { Http, Response } from './http.ts'

/** The exercise's OpenAPI document (exercise.yaml: `contract`), which the program is held to. */
export type Contract = {
  /**
   * Passes when the response is one of those that the document lists for the operation: its status (as itself, as 4XX, or as
   * `default`), its content type, its body by the schema, and the headers that are `required`. Where a response lists no `content`,
   * the body is not looked at. Fails the test with what the document says and what came.
   */
  expectResponse: (response: Response, operationId: string) => void
  /**
   * Sends requests that are drawn from the document, by the grading's seed, to each operation in turn. Ones with one thing wrong (a field
   * missing, of another type, out of its bounds; a parameter that is no number; a body that is no JSON) must be answered with a
   * documented 4xx, never a 5xx; then valid ones as documented. The first that isn't is made as small as it can be and shown as a
   * curl line. Operations whose body is no JSON are passed over.
   */
  holds: (http: Http, options?: HoldsOptions) => Promise<void>
}

export type HoldsOptions = {
  /** Only these, by operationId, in this order; by default all as they stand in the document. */
  operations?: readonly string[]
  /**
   * Values of parameters, by name: ids of what a test has made, so that something is found. Three in four valid requests take one of
   * them, and all with something wrong.
   */
  known?: Readonly<Record<string, readonly (string | number)[]>>
  /** Sent with each request: a sign-in. */
  headers?: Readonly<Record<string, string>>
  /** Operations of which at least one valid request must be answered with a 2xx. */
  succeed?: readonly string[]
  /**
   * How many valid requests of each operation, by default 20. Of every twentieth, with everything in it that may be there, all is tried
   * that can be wrong with it, up to 250 requests.
   */
  runs?: number
}
