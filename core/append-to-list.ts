import { Document, LineCounter, isNode, isSeq, parseDocument } from 'yaml'

/**
 * The text of a YAML file with more items at the end of one of its lists, which has some. Nothing else of it changes, not even a
 * space: a document written out anew keeps its comments, but its author's lines would come back in another layout.
 */
export function appendToList(text: string, field: string, items: readonly unknown[]): string {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, version: '1.2' })
  const list = document.get(field)
  const last = isSeq(list) ? list.items.at(-1) : undefined
  // A file without it was refused when it was read.
  if (!isSeq(list) || !isNode(last) || !last.range) throw new TypeError(`there is no list "${field}"`)
  if (list.flow) {
    for (const item of items) list.add(document.createNode(item))
    return document.toString({ lineWidth: 0 })
  }
  const indent = ' '.repeat(lines.linePos(list.range![0]).col - 1)
  const added = new Document(items).toString({ lineWidth: 0, singleQuote: true }).replaceAll(/^(?=.)/gm, indent)
  // After a comment that stands behind the last item, too.
  const lineEnd = text.indexOf('\n', last.range[1] - 1)
  if (lineEnd === -1) return `${text}\n${added}`
  return `${text.slice(0, lineEnd + 1)}${added}${text.slice(lineEnd + 1)}`
}
