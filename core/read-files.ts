import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Finding } from './errors.ts'
import type { FileMap } from './submission.ts'

/** What one folder of ours (an exercise, a learner's folder at the command line) may hold. */
export const FOLDER_CAPS = { files: 2000, fileBytes: 8 * 1024 * 1024, allBytes: 32 * 1024 * 1024, depth: 12 } as const

export type FolderFiles = { files: FileMap; findings: Finding[] }

/**
 * Every text file below a folder, by its path relative to it. Names beginning with a dot and node_modules are passed over;
 * links are never followed. Faults are collected, named from `folder` as it was given, and what they concern is left out.
 */
export async function readFiles(folder: string, skip: (path: string) => boolean = () => false): Promise<FolderFiles> {
  const files: FileMap = {}
  const findings: Finding[] = []
  let count = 0
  let total = 0

  async function walk(below: string, depth: number): Promise<void> {
    if (depth > FOLDER_CAPS.depth) {
      findings.push({ file: join(folder, below), message: `expected at most ${FOLDER_CAPS.depth} levels of folders` })
      return
    }
    const entries = await readdir(join(folder, below), { withFileTypes: true })
    for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
      const path = below ? `${below}/${entry.name}` : entry.name
      const file = join(folder, path)
      if (entry.name.startsWith('.') || entry.name === 'node_modules' || skip(path)) continue
      if (entry.isSymbolicLink()) findings.push({ file, message: 'is a symbolic link; links are not followed, put the file itself here' })
      else if (entry.isDirectory()) await walk(path, depth + 1)
      else if (!entry.isFile()) findings.push({ file, message: 'is neither a file nor a folder' })
      else if (++count > FOLDER_CAPS.files) {
        if (count === FOLDER_CAPS.files + 1) findings.push({ file: folder, message: `expected at most ${FOLDER_CAPS.files} files` })
      } else {
        const bytes = await readFile(file)
        total += bytes.length
        if (bytes.length > FOLDER_CAPS.fileBytes || total > FOLDER_CAPS.allBytes) {
          findings.push({ file, message: `is too large: at most ${FOLDER_CAPS.fileBytes} bytes a file and ${FOLDER_CAPS.allBytes} in all` })
          total -= bytes.length
          continue
        }
        const text = decode(bytes)
        if (text === undefined) findings.push({ file, message: 'is not text in UTF-8' })
        else files[path] = text
      }
    }
  }

  await walk('', 0)
  return { files, findings }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decode(bytes: Buffer): string | undefined {
  try {
    return utf8.decode(bytes)
  } catch {
    return undefined
  }
}
