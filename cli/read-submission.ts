import { readFile, stat } from 'node:fs/promises'
import { basename, resolve, sep } from 'node:path'
import { InvalidInput } from '../core/errors.ts'
import { readFiles } from '../core/read-files.ts'
import type { FileMap } from '../core/submission.ts'
import { CommandError, EXIT } from './errors.ts'

/** The files that a person hands in: everything in a folder, or one file. Throws when they can't be read. */
export async function readSubmission(path: string): Promise<FileMap> {
  const facts = await stat(path).catch(() => undefined)
  if (!facts) throw new CommandError(EXIT.usage, `There is no folder "${path}" to hand in.`)
  if (!facts.isDirectory()) return { [basename(path)]: await readText(path) }

  const { files, findings } = await readFiles(path)
  if (findings.length > 0) throw new InvalidInput(findings)
  if (Object.keys(files).length === 0) throw new CommandError(EXIT.usage, `The folder "${path}" holds no files to hand in.`)
  // A sample's label is its author's, not part of what is handed in.
  if (resolve(path).split(sep).at(-3) === 'submissions') delete files['sample.yaml']
  return files
}

async function readText(path: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path))
  } catch (error) {
    throw new InvalidInput([{ file: path, message: error instanceof TypeError ? 'is not text in UTF-8' : (error as Error).message }])
  }
}
