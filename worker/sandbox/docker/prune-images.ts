import { IMAGE_NAMES } from '../../../core/runtimes.ts'
import { connectEngine, engineFacts, refusedWith } from './engine.ts'
import { imageRefs } from './images.ts'

const KEPT_DAYS = 7

/**
 * Removes sandbox images that the sources no longer ask for, some days after they were made: another clone on the same
 * engine, or a worker that still runs the last version, may want them until then. Returns the names of those removed.
 */
export async function pruneImages({
  dockerHost,
  keptDays = KEPT_DAYS,
}: {
  dockerHost?: string | undefined
  keptDays?: number
}): Promise<string[]> {
  const engine = connectEngine({ dockerHost })
  const { architecture } = await engineFacts(engine)
  const refs = await imageRefs(architecture)
  const wanted = new Set(IMAGE_NAMES.map(name => refs[name]))
  const before = Date.now() / 1000 - keptDays * 24 * 3600
  const found = await engine.ask('look for images', (docker, abortSignal) =>
    docker.listImages({ filters: JSON.stringify({ label: ['assay.image'] }), abortSignal }),
  )
  const removed = []
  for (const ref of unwanted(found, wanted, before)) {
    try {
      await engine.ask(`remove ${ref}`, docker => docker.getImage(ref).remove())
      removed.push(ref)
    } catch (error) {
      // Gone already, or in use by a box or by an image that stands on it.
      if (![404, 409].includes(refusedWith(error) ?? 0)) throw error
    }
  }
  // What builds left without a name.
  const filters = { dangling: ['true'], label: ['assay.image'], until: [`${keptDays * 24}h`] }
  try {
    await engine.ask('remove unnamed images', docker => docker.pruneImages({ filters: JSON.stringify(filters) }), 120_000)
  } catch (error) {
    // Somebody else is at it, and an engine does it for one at a time.
    if (refusedWith(error) !== 409) throw error
  }
  return removed
}

type Found = { Created: number; RepoTags?: string[] | null }

/** Which names to remove, of the images found: ours, not wanted, and made before a time (seconds). Exported for its tests. */
export function unwanted(found: readonly Found[], wanted: ReadonlySet<string>, before: number): string[] {
  return found
    .filter(({ Created }) => Created < before)
    .flatMap(({ RepoTags }) => RepoTags ?? [])
    .filter(ref => /^assay-[a-z]+:[0-9a-f]{16}$/.test(ref) && !wanted.has(ref))
}
