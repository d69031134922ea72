import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { PROGRAM_FOLDERS } from './config.ts'

/** The path of the first of these programs that is installed. */
export function findProgram(...names: string[]): string | undefined {
  return names.flatMap(name => PROGRAM_FOLDERS.map(folder => join(folder, name))).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
