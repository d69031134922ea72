import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { FileMap } from '../../core/submission.ts'

/** Writes a submission's files below `folder`, in memory: one after the other is quickest. */
export function layFiles(folder: string, files: FileMap): void {
  const made = new Set([folder])
  for (const [path, content] of Object.entries(files)) {
    const target = join(folder, path)
    const parent = dirname(target)
    if (!made.has(parent)) {
      mkdirSync(parent, { recursive: true })
      made.add(parent)
    }
    writeFileSync(target, content)
  }
}
