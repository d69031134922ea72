import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Exercise } from '../core/read-exercise.ts'
import { readLibrary, type Library } from '../core/read-library.ts'
import type { Store } from './store/store.ts'

/** The exercises on offer, as the library's folder had them when it was last read. */
export type ExerciseLibrary = {
  all(): readonly Exercise[]
  find(slug: string): Exercise | undefined
  /** What could not be read the last time. */
  faults(): Library['faults']
  /** Reads the folder again and makes what it holds the current versions; returns how many are on offer. */
  reload(): Promise<{ exercises: number; faults: Library['faults'] }>
  /** Reloads when a file of the folder was changed since; returns whether it did. */
  reloadIfChanged(): Promise<boolean>
}

/**
 * Reads the library and publishes it into the store, so that workers can fetch bundles and a submission keeps the version
 * that it was accepted for. An exercise that is broken by an edit keeps its last good version until it is mended.
 */
export async function openLibrary(folder: string, store: Pick<Store, 'publish'>): Promise<ExerciseLibrary> {
  let current = new Map<string, Exercise>()
  let faults: Library['faults'] = []
  let state = ''
  let running: Promise<{ exercises: number; faults: Library['faults'] }> | undefined

  async function load() {
    // Taken before reading: a change during it is seen the next time.
    const seen = await fingerprint(folder)
    const library = await readLibrary(folder)
    const next = new Map(library.exercises.map(exercise => [exercise.slug, exercise]))
    for (const fault of library.faults) {
      const last = [...current.values()].find(exercise => exercise.folder === fault.folder)
      if (last) next.set(last.slug, last)
    }
    await store.publish([...next.values()].map(exercise => exercise.bundle))
    current = new Map([...next].sort(([one], [other]) => (one < other ? -1 : 1)))
    faults = library.faults
    state = seen
    return { exercises: current.size, faults }
  }

  const reload = () => (running ??= load().finally(() => (running = undefined)))
  await reload()
  return {
    all: () => [...current.values()],
    find: slug => current.get(slug),
    faults: () => faults,
    reload,
    reloadIfChanged: async () => {
      if ((await fingerprint(folder)) === state) return false
      await reload()
      return true
    },
  }
}

/** Every file's name, size and time of change: cheap to ask for, and different after an edit. That the folder itself is gone is told by reading it. */
async function fingerprint(folder: string): Promise<string> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])
  const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  const facts = await Promise.all(
    files.map(async file => {
      const { size, mtimeMs } = await stat(file).catch(() => ({ size: -1, mtimeMs: -1 }))
      return `${file} ${size} ${mtimeMs}`
    }),
  )
  return facts.sort().join('\n')
}
