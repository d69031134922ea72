/*
 * Text that a learner's program wrote, made fit for a terminal. A terminal acts on what it prints: an OSC sequence sets
 * the clipboard or the title, a CSI sequence moves the cursor over the verdict, a bidi override shows it backwards.
 * So nothing but printable characters and line breaks comes through.
 */

const ESCAPE = '\\u001b'
/** Whole sequences first, so that their parameters don't stay behind as litter. */
const SEQUENCES = new RegExp(
  [
    `(?:${ESCAPE}\\[|\\u009b)[0-?]*[ -/]*[@-~]`, // CSI: colours, cursor
    `(?:${ESCAPE}[\\]PX^_]|[\\u009d\\u0090\\u0098\\u009e\\u009f])[^\\u0007${ESCAPE}\\u009c\\n]*(?:\\u0007|${ESCAPE}\\\\|\\u009c)?`, // OSC, DCS, SOS, PM, APC
    `${ESCAPE}[ -/]*[0-~]`, // the short ones
  ].join('|'),
  'g',
)
const BREAKS = /\r\n?|[\u0085\u2028\u2029\v\f]/g
/** Controls but line feed, bidi controls, invisible format characters, tag characters. */
const INVISIBLE = /[^\P{Cc}\n]|[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu

/** Keeps line feeds; a carriage return becomes one, so that a line can't be written over. */
export function cleanText(text: string): string {
  return text.toWellFormed().replace(BREAKS, '\n').replaceAll('\t', '  ').replace(SEQUENCES, '').replace(INVISIBLE, '')
}

/** For a name, a path, a table cell: line feeds become visible marks. */
export function cleanLine(text: string): string {
  return cleanText(text).replaceAll('\n', '⏎')
}

/** JSON as it was, with what a terminal acts on written as escapes: whoever reads the document gets the same text. */
export function cleanJson(document: unknown): string {
  return JSON.stringify(document, null, 2).replace(/[^\P{Cc}\n]|\p{Cf}|[\u2028\u2029]/gu, found =>
    found
      .split('')
      .map(unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}
