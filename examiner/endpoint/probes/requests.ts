import type { Response } from '../../authoring/http.ts'

/** Headers that sign a request in as somebody, such as `{ authorization: 'Bearer …' }`. */
export type SignIn = Record<string, string>
/** One request with one value in it that the probe varies. */
export type SendValue = (value: string) => Promise<Response>
/** One request, signed in by the headers given. */
export type Ask = (as: SignIn) => Promise<Response>
