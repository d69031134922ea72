import { readFileSync, writeFileSync } from 'node:fs'
import type { Control } from './control.ts'

export type Row = { control: Control; shown: string | undefined }

const BEGIN = '<!-- controls: written by npm run attacks:matrix -- --write -->'
const END = '<!-- end of controls -->'

/** The table of docs/security.md: each control, and what shows that it is gone. */
export function markdown(rows: readonly Row[]): string {
  const groups = Map.groupBy(rows, ({ control }) => control.group)
  return [...groups]
    .map(([group, rows]) =>
      [
        `### ${group}`,
        '',
        '| control taken away | what turns red |',
        '| --- | --- |',
        ...rows.map(({ control, shown }) => `| ${cell(nameOf(control))} | ${cell(shown ?? 'nothing')} |`),
      ].join('\n'),
    )
    .join('\n\n')
}

const nameOf = ({ name, together }: Control) => (together === undefined ? name : `${name}, together with ${together}`)

/** Tables of one line a row; what a report quotes is short enough to be read. */
function cell(text: string): string {
  const line = text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll(/\s+/g, ' ')
  return line.length > 220 ? `${line.slice(0, 219)}…` : line
}

export function writeInto(file: string, tables: string): void {
  const text = readFileSync(file, 'utf8')
  const [before, rest] = text.split(BEGIN)
  const after = rest?.split(END)[1]
  if (after === undefined) throw new Error(`${file} lacks the marks between which the controls stand`)
  writeFileSync(file, `${before}${BEGIN}\n\n${tables}\n\n${END}${after}`)
}
