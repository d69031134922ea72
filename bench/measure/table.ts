/**
 * A plain text table: the header, a rule, and the rows, each column as wide as its widest cell. Columns in which every cell
 * below the header begins with a digit or is a dash stand to the right, so that figures can be compared by eye.
 */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (column: number) => rows.map(row => row[column] ?? '')
  const columns = header.map((title, at) => ({
    width: Math.max(title.length, ...cells(at).map(cell => cell.length)),
    right: at > 0 && rows.length > 0 && cells(at).every(cell => /^[-+≤≥<>~]?\s?\d|^[-–—]?$/.test(cell)),
  }))
  const line = (row: readonly string[]) =>
    columns
      .map(({ width, right }, at) => (right ? (row[at] ?? '').padStart(width) : (row[at] ?? '').padEnd(width)))
      .join('  ')
      .trimEnd()
  return [line(header), columns.map(({ width }) => '─'.repeat(width)).join('  '), ...rows.map(line)].join('\n')
}
