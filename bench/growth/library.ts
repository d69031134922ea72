import { cp, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readLibrary } from '../../core/read-library.ts'
import type { RawBundle } from '../../server/store/store.ts'
import { ROOT } from '../../worker/sandbox/docker/image-recipes.ts'

/** A library of so many exercises: those that we have, under many names. */
export async function layLibrary(folder: string, count: number): Promise<RawBundle[]> {
  const library = join(ROOT, 'exercises')
  const known = (await readdir(library, { withFileTypes: true }))
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name)
    .sort()
  for (let index = 0; index < count; index++) {
    const name = known[index % known.length]!
    await cp(join(library, name), join(folder, `${name}-${index}`), { recursive: true })
  }
  const { exercises, faults } = await readLibrary(folder)
  if (faults.length > 0) throw new Error(`an exercise can't be read: ${JSON.stringify(faults[0])}`)
  return exercises.map(exercise => exercise.bundle)
}
