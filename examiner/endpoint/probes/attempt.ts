import type { Response } from '../../authoring/http.ts'
import { HttpFailure, type HttpFailureCode } from '../http-failure.ts'
import { notAnswered } from './weakness.ts'

/** What says that the test is over, not how the program took the request. */
const ENDS: readonly HttpFailureCode[] = ['time_over', 'too_many_requests', 'bodies_too_large']

/**
 * The answer, or how it failed to be one: a program that closes the connection on an attack has refused it. Undefined when the
 * request can't be sent, as a path with a line break in it.
 */
export async function attempt(send: () => Promise<Response>): Promise<Response | HttpFailure | undefined> {
  try {
    return await send()
  } catch (error) {
    if (error instanceof HttpFailure && !ENDS.includes(error.code)) return error
    if (error instanceof TypeError && error.message.endsWith("can't be sent")) return undefined
    throw error
  }
}

/** The answer to a request that is no attack; fails the test unless it is below 400. */
export async function answered(what: string, send: () => Promise<Response>): Promise<Response> {
  const response = await send()
  if (response.status >= 400) throw notAnswered(what, response)
  return response
}

export function isSuccess(answer: Response | HttpFailure | undefined): answer is Response {
  return answer !== undefined && !(answer instanceof HttpFailure) && answer.status >= 200 && answer.status < 300
}
