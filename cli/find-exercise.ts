import { readdir, stat } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { CommandError, EXIT } from './errors.ts'

/**
 * The folder of an exercise named on the command line: by its slug in the library, or by a path. Read relative to the
 * working folder where that is shorter, as findings print it.
 */
export async function findExercise(named: string, libraryFolder: string): Promise<string> {
  const inLibrary = join(libraryFolder, named)
  const candidates = /[\\/]|^\.+$/.test(named) ? [named] : [inLibrary, named]
  for (const folder of candidates) if (await isExercise(folder)) return shortPath(folder)
  // A path to a folder without exercise.yaml is meant, and broken: let its reader say what is missing.
  if (candidates[0] === named && (await isFolder(named))) return shortPath(named)
  const slugs = await librarySlugs(libraryFolder)
  const there = slugs.length > 0 ? `There are: ${slugs.join(', ')}` : `There are no exercises in ${libraryFolder}; set ASSAY_EXERCISES`
  throw new CommandError(EXIT.notFound, `There is no exercise "${named}". ${there}. Or give the path of its folder.`)
}

/** The slugs of every folder of the library, whether or not it can be read as an exercise. */
export async function librarySlugs(libraryFolder: string): Promise<string[]> {
  const entries = await readdir(libraryFolder, { withFileTypes: true }).catch(() => [])
  return entries
    .filter(entry => entry.isDirectory() && !/^[._]/.test(entry.name))
    .map(entry => basename(entry.name))
    .sort()
}

const isExercise = (folder: string) => isFolder(folder).then(async found => found && (await isThere(join(folder, 'exercise.yaml'))))

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    facts => facts.isDirectory(),
    () => false,
  )
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

/** Relative to the working folder where that is shorter. */
export function shortPath(folder: string): string {
  const below = relative('.', folder)
  return below !== '' && !below.startsWith('..') && below.length < folder.length ? below : folder
}
