/** Controls but tab and line feed, and the marks that turn the direction of what follows. */
// oxlint-disable-next-line no-control-regex -- taking them out is the point
const UNSHOWN = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g

/**
 * Terminal codes: a command to the system (ESC ] … end), a control sequence (ESC [ …), any other escape. Each part takes
 * characters that the next can't begin with, so that no text makes it try again and again: node:util's pattern takes seconds
 * for a few hundred kilobytes of "ESC ]".
 */
const TERMINAL_CODES =
  // oxlint-disable-next-line no-control-regex -- taking them out is the point
  /\u001B\][^\u0007\u001B\u009C]*(?:\u0007|\u001B\\|\u009C)|(?:\u001B\[|\u009B)[0-?]*[ -/]*[@-~]|\u001B[ -/]*[0-~]/g

/** The same text without what a terminal would take for a command. */
export function withoutTerminalCodes(text: string): string {
  return text.replace(TERMINAL_CODES, '')
}

/**
 * Text for reports, whatever a program put into it: no terminal codes, no control characters, no lone surrogates, at most
 * `max` characters.
 */
export function cleanText(text: string, max: number): string {
  // Cut first: cleaning takes time by length.
  const cut = text.length > max * 2 ? text.slice(0, max * 2) : text
  const clean = withoutTerminalCodes(cut).replace(/\r\n?/g, '\n').replace(UNSHOWN, '\uFFFD').toWellFormed().trimEnd()
  return clean.length > max ? `${clean.slice(0, max - 1).toWellFormed()}…` : clean
}
