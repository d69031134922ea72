import { notAcceptable, pointerTo, type RequestFault } from '../problem.ts'

/** A fault of the archive, or of what stands in it under `path`. */
export function faultOf(detail: string, path?: string): RequestFault {
  const shown = path !== undefined && path.length > 120 ? `${path.slice(0, 120)}…` : path
  return { pointer: pointerTo(['archive', ...(shown === undefined ? [] : [shown.toWellFormed()])]), detail }
}

/** Nothing more of the archive is looked at. */
export function refuse(detail: string, path?: string): never {
  throw notAcceptable([faultOf(detail, path)])
}
