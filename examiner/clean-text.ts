import { stripVTControlCharacters } from 'node:util'

/** Controls but tab and line feed, and the marks that turn the direction of what follows. */
// oxlint-disable-next-line no-control-regex -- taking them out is the point
const UNSHOWN = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g

/**
 * Text for reports, whatever a program put into it: no terminal codes, no control characters, no lone surrogates, at most
 * `max` characters.
 */
export function cleanText(text: string, max: number): string {
  // Cut first: cleaning takes time by length.
  const cut = text.length > max * 2 ? text.slice(0, max * 2) : text
  const clean = stripVTControlCharacters(cut).replace(/\r\n?/g, '\n').replace(UNSHOWN, '\uFFFD').toWellFormed().trimEnd()
  return clean.length > max ? `${clean.slice(0, max - 1).toWellFormed()}…` : clean
}
