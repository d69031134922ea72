import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '../..')

export type Block = { /** The path in backquotes before it. */ path: string; code: string }

export function readDoc(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

/** The code blocks of a page that name their file on the line before, in the order written. */
export function namedBlocks(page: string): Block[] {
  const found = page.matchAll(/`([\w./-]+)`:?\n\n(```+)\w+\n([\s\S]*?)\n\2\n/g)
  return [...found].map(([, path, , code]) => ({ path: path!, code: `${code}\n` }))
}
