import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, resolve, sep } from 'node:path'
import type { FileMap } from '../core/submission.ts'

/** Writes the exercise's files below `folder`, so that its tests can be imported. */
export async function layFiles(folder: string, files: FileMap): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const target = resolve(folder, path)
    if (!target.startsWith(`${resolve(folder)}${sep}`)) throw new Error(`"${path}" would stand outside of the exercise`)
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, text)
  }
  // Says to Node what our tests are, which it would otherwise find out by trying.
  await mkdir(folder, { recursive: true })
  await writeFile(resolve(folder, 'package.json'), '{"type":"module"}')
}
