import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { InvalidInput, type Finding } from './errors.ts'
import { readExercise, type Exercise } from './read-exercise.ts'

export type Library = { exercises: Exercise[]; faults: { folder: string; findings: readonly Finding[] }[] }

/** Every exercise of a library's folder, in order of their slugs. One that can't be read stops none of the others. */
export async function readLibrary(folder: string): Promise<Library> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    throw new InvalidInput([{ file: folder, message: 'expected the folder of the exercise library, found none' }])
  })
  const library: Library = { exercises: [], faults: [] }
  for (const name of entries
    .filter(entry => entry.isDirectory() && !/^[._]/.test(entry.name))
    .map(entry => entry.name)
    .sort()) {
    try {
      library.exercises.push(await readExercise(join(folder, name)))
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error
      library.faults.push({ folder: join(folder, name), findings: error.findings })
    }
  }
  return library
}
