import { watch } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'

/** Editors write a file in several steps; what comes within this time is one change. */
const SETTLED_MS = 150

/** The folders in which files changed, each with the paths below it, `/` between the parts. */
export type Changes = Map<string, Set<string>>

/**
 * Watches these folders from now on. Each call of what is returned gives what has changed since the last, as soon as there is
 * something; undefined when the signal is aborted.
 */
export function watchFolders(folders: readonly string[], signal: AbortSignal): () => Promise<Changes | undefined> {
  let changes: Changes = new Map()
  let changed = Promise.withResolvers<void>()
  let failure: unknown
  const keep = (folder: string, path: string) => {
    if (isScratch(path)) return
    changes.set(folder, (changes.get(folder) ?? new Set()).add(path))
    changed.resolve()
  }
  const watching = folders.map(async folder => {
    for await (const { filename } of watch(folder, { recursive: true, signal })) keep(folder, filename ?? '')
  })
  // A folder that can't be watched, or the end.
  for (const each of watching)
    each.catch((error: unknown) => {
      failure = error
      changed.reject(error)
    })
  changed.promise.catch(() => {})
  return async () => {
    try {
      if (failure !== undefined) throw failure
      await changed.promise
      await pause(SETTLED_MS, undefined, { signal })
    } catch (error) {
      if (signal.aborted) return undefined
      throw error
    }
    const given = changes
    changes = new Map()
    changed = Promise.withResolvers()
    changed.promise.catch(() => {})
    return given
  }
}

/** What editors leave beside a file while it is open. */
function isScratch(path: string): boolean {
  const name = path.split('/').at(-1)!
  return name.startsWith('.') || name.endsWith('~') || name.endsWith('.tmp') || name === '4913'
}

/**
 * The samples that need to be graded again, by their paths; undefined where it is more than that. (Accepted ones are more: mutants
 * are made of them, and others are compared with them.)
 */
export function samplesOf(paths: ReadonlySet<string>): string[] | undefined {
  const samples = new Set<string>()
  for (const path of paths) {
    const [top, outcome, name] = path.split('/')
    if (top !== 'submissions' || outcome === undefined || outcome === 'accepted' || name === undefined) return undefined
    samples.add(`${outcome}/${name}`)
  }
  return [...samples]
}
