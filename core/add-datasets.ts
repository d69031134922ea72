import { Document, LineCounter, isNode, isSeq, parseDocument } from 'yaml'
import type { QueryManifest } from './exercise.ts'

export type AddedDataset = Pick<QueryManifest['datasets'][number], 'id' | 'name' | 'task' | 'file' | 'visibility' | 'category'>

/**
 * The text of an exercise.yaml with more data sets at the end of its list. Nothing else of it changes, not even a space: a document
 * written out anew keeps its comments, but its author's lines would come back in another layout.
 */
export function addDatasets(text: string, datasets: readonly AddedDataset[]): string {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, version: '1.2' })
  const list = document.get('datasets')
  const last = isSeq(list) ? list.items.at(-1) : undefined
  // What is no exercise.yaml of a query was refused when it was read.
  if (!isSeq(list) || !isNode(last) || !last.range) throw new TypeError('exercise.yaml holds no list of data sets')
  if (list.flow) {
    for (const dataset of datasets) list.add(document.createNode(dataset))
    return document.toString({ lineWidth: 0 })
  }
  const indent = ' '.repeat(lines.linePos(list.range![0]).col - 1)
  const items = new Document(datasets).toString({ lineWidth: 0, singleQuote: true })
  const added = items.replaceAll(/^(?=.)/gm, indent)
  // After a comment that stands behind the last item, too.
  const lineEnd = text.indexOf('\n', last.range[1] - 1)
  if (lineEnd === -1) return `${text}\n${added}`
  return `${text.slice(0, lineEnd + 1)}${added}${text.slice(lineEnd + 1)}`
}
